import type { Exchange, Interceptor } from "@ocpp/core";
import { type Attributes, context, ProxyTracerProvider, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";

/** The name of the tracer, as an SDK shows it. */
const tracerName = "@ocpp/csms";

function attributesOf({ identity, protocol, action, messageId, kind }: Exchange): Attributes {
  return {
    "rpc.system": "ocpp",
    "rpc.method": action,
    "ocpp.station": identity,
    "ocpp.protocol": protocol,
    "ocpp.message_id": messageId,
    "ocpp.message_kind": kind,
  };
}

/** The code of an OcppError or ConnectionError, or else what kind of error it is; its text may hold what a station said. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}

function traced<T>(name: string, kind: SpanKind, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  const span = trace.getTracer(tracerName).startSpan(name, { kind, attributes });
  return context.with(trace.setSpan(context.active(), span), async () => {
    try {
      return await work();
    } catch (error) {
      const code = codeOf(error);
      span.setAttribute("error.type", code);
      span.setStatus({ code: SpanStatusCode.ERROR, message: code });
      throw error;
    } finally {
      span.end();
    }
  });
}

/**
 * Makes what traces the calls of a peer: a span for each call and send, of kind server where the station asks and client where we
 * do. Its attributes name station, action, message and version, and never what was said. Without an SDK of OpenTelemetry in the
 * process it costs next to nothing.
 */
export function createTracing(): Interceptor {
  const idle = new ProxyTracerProvider().getDelegate();
  /** Whether an SDK has been started; until then the API has a provider that hands everything to one that does nothing. */
  const hasSdk = (): boolean => {
    const provider = trace.getTracerProvider();
    return !(provider instanceof ProxyTracerProvider && provider.getDelegate() === idle);
  };
  return (next) => (exchange) => {
    if (!hasSdk()) return next(exchange);
    const kind = exchange.direction === "inbound" ? SpanKind.SERVER : SpanKind.CLIENT;
    return traced(`OCPP ${exchange.action}`, kind, attributesOf(exchange), () => next(exchange));
  };
}
