/** A log line as it stands at last: without colours, and what a carriage return wrote over is gone. Pure. */

const CODES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

export function unstyled(line: string): string {
  const parts = line.replace(CODES, '').replace(/\r+$/, '').split('\r');
  return parts[parts.length - 1] ?? '';
}
