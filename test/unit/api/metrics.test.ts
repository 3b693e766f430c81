import { describe, expect, test } from '@jest/globals';
import { COLLECTED, createMetrics, METRICS, type Metrics } from '../../../backbone/metrics.ts';

function recordAll(metrics: Metrics): void {
  metrics.jobSubmitted({ type: 'webpage', lane: 'normal' });
  metrics.jobEnded({ type: 'webpage', outcome: 'completed', seconds: 3 });
  metrics.stageStarted({ type: 'webpage', stage: 'download' })();
  metrics.stageEnded({ type: 'webpage', stage: 'download', outcome: 'done', seconds: 0.2 });
  metrics.stageWaited({ stage: 'download', lane: 'normal', seconds: 0.1 });
  metrics.retryScheduled({ type: 'webpage', stage: 'download', code: 'source_timeout' });
  metrics.retryOverdue({ type: 'webpage', seconds: 0.1 });
  metrics.deadLettered({ type: 'webpage', code: 'no_text' });
  metrics.fencedWrite({ stage: 'store' });
  metrics.duplicateDropped({ type: 'webpage' });
  metrics.rebalanced('webpage');
  metrics.consumerCrashed('webpage');
  metrics.circuitChanged('vectors', 'open');
  metrics.cancelReached(0.3);
  metrics.storeCalled({ store: 'records', operation: 'query', outcome: 'ok', seconds: 0.002 });
  metrics.requestEnded({ method: 'GET', route: '/healthz', status: 200, seconds: 0.01 });
}

describe('metrics', () => {
  test('show every name of the module', async () => {
    const metrics = createMetrics();
    recordAll(metrics);
    const { text, contentType } = await metrics.render();
    expect(contentType).toContain('text/plain');
    for (const name of [...Object.values(METRICS), ...Object.keys(COLLECTED)])
      expect(text).toContain(`# HELP ${name} `);
  });

  test.each([
    'pipeline_jobs_submitted_total{type="webpage",lane="normal"} 1',
    'pipeline_jobs_completed_total{type="webpage",outcome="completed"} 1',
    'pipeline_stage_duration_seconds_sum{type="webpage",stage="download",outcome="done"} 0.2',
    'pipeline_stage_inflight{type="webpage",stage="download"} 0',
    'pipeline_circuit_state{port="vectors"} 2',
    'pipeline_cancel_latency_seconds_count 1',
    'http_request_duration_seconds_count{method="GET",route="/healthz",status="200"} 1',
  ])('count what they are told: %s', async (line) => {
    const metrics = createMetrics();
    recordAll(metrics);
    expect((await metrics.render()).text).toContain(line);
  });

  test('show the lag of the event loop', async () => {
    expect((await createMetrics().render()).text).toContain('nodejs_eventloop_lag_p99_seconds');
  });

  test('show what is under way until it is over', async () => {
    const metrics = createMetrics();
    const over = metrics.streamOpened('sse');
    expect((await metrics.render()).text).toContain('http_status_streams{transport="sse"} 1');
    over();
    expect((await metrics.render()).text).toContain('http_status_streams{transport="sse"} 0');
  });

  test('of two backbones in one process do not mix', async () => {
    recordAll(createMetrics());
    expect((await createMetrics().render()).text).not.toContain('type="webpage"');
  });

  test('ask collectors at each scrape and forget what they no longer tell', async () => {
    const metrics = createMetrics();
    let status = 'queued';
    metrics.addCollector(async () => [
      { name: 'pipeline_jobs', labels: { type: 'webpage', status, stage: 'download' }, value: 4 },
    ]);
    expect((await metrics.render()).text).toContain('status="queued",stage="download"} 4');
    status = 'failed';
    const { text } = await metrics.render();
    expect(text).toContain('status="failed"');
    expect(text).not.toContain('status="queued"');
  });

  test('tell when a collector fails and go on with the others', async () => {
    const metrics = createMetrics();
    metrics.addCollector(() => Promise.reject(new Error('down')));
    metrics.addCollector(async () => [{ name: 'pipeline_outbox_pending', labels: {}, value: 7 }]);
    const { text } = await metrics.render();
    expect(text).toContain('pipeline_outbox_pending 7');
    expect(text).toContain('metrics_collector_failures_total 1');
  });
});
