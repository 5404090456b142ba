// What `#native-tensorflow` resolves to: infra/native.mjs copies this file to .tools/native beside what it loads.
const util = require('node:util');

// tfjs-node 4.22 calls two helpers that Node has since deprecated, and removed.
util.isArray = Array.isArray;
util.isNullOrUndefined = (value) => value === null || value === undefined;
// TensorFlow greets on stderr, where progress bars are. What it warns of stays.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '1';

module.exports = require('@tensorflow/tfjs-node');
