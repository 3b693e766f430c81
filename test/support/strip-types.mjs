import { stripTypeScriptTypes } from 'node:module';

/**
 * Jest transform: erases type annotations with Node's own stripper, the very one that runs the
 * backbone. Erased code keeps its line and column numbers, so coverage needs no source maps.
 */
const transformer = {
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
};

export default transformer;
