import type { Infrastructure } from "../infrastructure.ts";
import type { SystemLog } from "../observability/system-log.ts";
import { ConflictError } from "../shared/service-error.ts";

/** A DataTransfer, as a handler gets it. */
export interface DataTransfer {
  readonly stationId: string;
  readonly vendorId: string;
  readonly messageId: string | undefined;
  /** A text in 1.6, anything in 2.x. */
  readonly data: unknown;
}

/** The answer to a DataTransfer. */
export interface DataTransferAnswer {
  readonly status: "Accepted" | "Rejected" | "UnknownMessageId" | "UnknownVendorId";
  readonly data?: unknown;
}

/** Answers the DataTransfers of a vendor. Throwing answers Rejected. */
export type DataTransferHandler = (transfer: DataTransfer) => DataTransferAnswer | Promise<DataTransferAnswer>;

/** Who answers which DataTransfer. Without a handler of the vendor it is UnknownVendorId, of the message UnknownMessageId. */
export interface DataTransfers {
  /** Adds a handler for all messages of a vendor, or for one; what is returned takes it away. Throws where there is one already. */
  handle(vendorId: string, messageId: string | undefined, handler: DataTransferHandler): () => void;
  /** Answers, and emits an event of it. */
  receive(transfer: DataTransfer): Promise<DataTransferAnswer>;
}

/** Handlers by vendor, and for each vendor by message; under the empty key, the one for all messages. */
type Handlers = Map<string, Map<string | undefined, DataTransferHandler>>;

async function answerTo(handlers: Handlers, transfer: DataTransfer): Promise<DataTransferAnswer> {
  const ofVendor = handlers.get(transfer.vendorId);
  if (ofVendor === undefined) return { status: "UnknownVendorId" };
  const handler = ofVendor.get(transfer.messageId) ?? ofVendor.get(undefined);
  return handler === undefined ? { status: "UnknownMessageId" } : await handler(transfer);
}

/** Makes the table of handlers (1.6 §4.3, 2.0.1 P01, P02). */
export function createDataTransfers({ events, log }: Infrastructure, systemLog: SystemLog): DataTransfers {
  const handlers: Handlers = new Map();
  const own = log.part("services");
  return {
    handle: (vendorId, messageId, handler) => {
      const ofVendor = handlers.get(vendorId) ?? new Map<string | undefined, DataTransferHandler>();
      if (ofVendor.has(messageId)) {
        const which = messageId === undefined ? "all messages" : `message ${messageId}`;
        throw new ConflictError(`There is a handler for ${which} of vendor ${vendorId} already: take it away first`);
      }
      ofVendor.set(messageId, handler);
      handlers.set(vendorId, ofVendor);
      return () => {
        // The one that has taken the place since keeps it.
        if (ofVendor.get(messageId) !== handler) return;
        ofVendor.delete(messageId);
        if (ofVendor.size === 0 && handlers.get(vendorId) === ofVendor) handlers.delete(vendorId);
      };
    },
    receive: async (transfer) => {
      const { stationId, vendorId, messageId } = transfer;
      let answer: DataTransferAnswer;
      try {
        answer = await answerTo(handlers, transfer);
      } catch (error) {
        own.error({ stationId, error }, "A handler of data transfers failed");
        systemLog.write("ERROR", "System", `The handler of data transfers of vendor ${vendorId} failed`, stationId);
        answer = { status: "Rejected" };
      }
      events.append({ stationId, kind: "data.transferred", data: { vendorId, messageId, status: answer.status } });
      return answer;
    },
  };
}
