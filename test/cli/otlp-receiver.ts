import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import protobuf from 'protobufjs';
import { onTestFinished } from 'vitest';

/** What a receiver reads of opentelemetry-proto, trace/v1 and collector/trace/v1. */
const PROTOCOL = `syntax = "proto3";
message Request { repeated ResourceSpans resource_spans = 1; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Resource { repeated KeyValue attributes = 1; }
message ScopeSpans { repeated Span spans = 2; }
message Span {
  bytes trace_id = 1;
  bytes span_id = 2;
  bytes parent_span_id = 4;
  string name = 5;
  fixed64 start_time_unix_nano = 7;
  fixed64 end_time_unix_nano = 8;
  repeated KeyValue attributes = 9;
  repeated Event events = 11;
  Status status = 15;
}
message Event { string name = 2; repeated KeyValue attributes = 3; }
message Status { string message = 2; int32 code = 3; }
message KeyValue { string key = 1; AnyValue value = 2; }
message AnyValue { oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; } }
`;
const Request = protobuf.parse(PROTOCOL).root.lookupType('Request');

type Attributes = Readonly<Record<string, unknown>>;

export interface ReceivedSpan {
  readonly trace: string;
  readonly id: string;
  /** Empty for the root of a trace. */
  readonly parent: string;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  /** 2 is an error. */
  readonly status: { readonly code?: number; readonly message?: string };
  /** Of the process that sent it. */
  readonly resource: Attributes;
}

export interface OtlpReceiver {
  readonly url: string;
  /** All that has come, in the order of coming. */
  readonly spans: readonly ReceivedSpan[];
  /** The same as it came. */
  readonly bytes: readonly Buffer[];
  /** Headers of the last request. */
  readonly headers: IncomingMessage['headers'];
}

/** A collector of traces as others write them: it reads protobuf by their definition, not by the libraries of the sender. */
export async function startReceiver(): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const bytes: Buffer[] = [];
  let headers = {};
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      headers = request.headers;
      bytes.push(body);
      if (request.url === '/v1/traces') spans.push(...decode(body));
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    bytes,
    get headers() {
      return headers;
    },
  };
}

interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: number;
  readonly endTimeUnixNano: number;
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly { readonly name: string; readonly attributes?: readonly KeyValue[] }[];
  readonly status?: ReceivedSpan['status'];
}

interface WireRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
}

function decode(body: Buffer): ReceivedSpan[] {
  const request = Request.toObject(Request.decode(body), {
    longs: Number,
    bytes: String,
  }) as WireRequest;
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        trace: span.traceId,
        id: span.spanId,
        parent: span.parentSpanId ?? '',
        name: span.name,
        start: span.startTimeUnixNano,
        end: span.endTimeUnixNano,
        attributes: attributesOf(span.attributes),
        events: (span.events ?? []).map(({ name, attributes }) => ({
          name,
          attributes: attributesOf(attributes),
        })),
        status: span.status ?? {},
        resource: attributesOf(resource.attributes),
      })),
    ),
  );
}

function attributesOf(list: readonly KeyValue[] = []): Attributes {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}
