/**
 * What a client's gRPC is told of proxies. It takes the one of `grpc_proxy`, `https_proxy` or `http_proxy` unless `no_proxy` spells the
 * address just as it is given; of this machine's own addresses no proxy knows anything. Workers never take one.
 *
 * @param address `host:port`
 */
export function channelArguments(address: string): Record<string, number> {
  return isLoopback(address) ? { 'grpc.enable_http_proxy': 0 } : {};
}

function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '').toLowerCase(); // prettier-ignore
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}
