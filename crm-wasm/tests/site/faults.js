// The package's worker with faults: the operation `test.trap` meets a trap, and calls whose reason asks for it leave the worker
// silent, before or after they are carried out: it waits for what the test does not answer.
import { Engine } from "./node_modules/crm-engine/pkg/crm.js";
import { serve } from "./node_modules/crm-engine/js/serve.js";

// (module (func (export "trap") unreachable))
const bytes = [0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 8, 1, 4, 116, 114, 97, 112, 0, 0, 10, 5, 1, 3, 0, 0, 11];
const { trap } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(bytes))).exports;
const { call, callAgain } = Engine.prototype;

function silence() {
  const request = new XMLHttpRequest();
  request.open("GET", "/silence", false);
  request.send();
}

Engine.prototype.call = function (caller, operation, request) {
  const { reason } = JSON.parse(caller);
  if (operation === "test.trap") trap();
  if (reason === "silent before") silence();
  const answer = call.call(this, caller, operation, request);
  if (reason === "silent after") silence();
  return answer;
};
Engine.prototype.callAgain = function (caller, operation, request) {
  return operation === "test.trap" ? trap() : callAgain.call(this, caller, operation, request);
};
serve(self);
