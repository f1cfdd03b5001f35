import { type Amendment, definePlugin } from "@ocpp/csms";
import type { V16 } from "@ocpp/v16";
import type { V201 } from "@ocpp/v201";
import { expectTypeOf } from "vitest";

definePlugin({
  name: "amending",
  setup: () => ({
    amend16: {
      StartTransaction: (request, answer) => {
        expectTypeOf(request.idTag).toEqualTypeOf<string>();
        expectTypeOf(answer.transactionId).toEqualTypeOf<number>();
        return { idTagInfo: { ...answer.idTagInfo, expiryDate: "2026-12-01T00:00:00Z" } };
      },
      // Amends some, and nothing else.
      DataTransfer: ({ vendorId }) => (vendorId === "x" ? { data: "y" } : undefined),
      Heartbeat: () => {},
    },
    amend201: {
      TransactionEvent: async (request, answer, { stationId, signal }) => {
        expectTypeOf(request.seqNo).toEqualTypeOf<number>();
        expectTypeOf(answer.totalCost).toEqualTypeOf<number | undefined>();
        expectTypeOf(stationId).toEqualTypeOf<string>();
        expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
        return { totalCost: await Promise.resolve(4.2), updatedPersonalMessage: { format: "UTF8", content: "Hello" } };
      },
    },
    amend21: { Authorize: () => ({ customData: { vendorId: "x" } }) },
  }),
});

expectTypeOf<Amendment<V16, "Authorize">>().toEqualTypeOf<Partial<{ idTagInfo: Amendment16 }>>();
type Amendment16 = NonNullable<Amendment<V16, "Authorize">["idTagInfo"]>;
expectTypeOf<Amendment<V201, "TransactionEvent">["totalCost"]>().toEqualTypeOf<number | undefined>();

definePlugin({
  name: "another-field",
  // @ts-expect-error: the answer to TransactionEvent has no field cost.
  setup: () => ({ amend201: { TransactionEvent: () => ({ totalCost: 1, cost: 4.2 }) } }),
});
definePlugin({
  name: "a-field-of-another-type",
  // @ts-expect-error: a cost is a number.
  setup: () => ({ amend201: { TransactionEvent: () => ({ totalCost: "4.20" }) } }),
});
definePlugin({
  name: "a-field-of-another-version",
  // @ts-expect-error: 1.6 has no customData.
  setup: () => ({ amend16: { Authorize: async () => ({ customData: { vendorId: "x" } }) } }),
});
definePlugin({
  name: "an-action-of-another-version",
  // @ts-expect-error: 1.6 has no TransactionEvent.
  setup: () => ({ amend16: { TransactionEvent: () => ({ totalCost: 1 }) } }),
});
definePlugin({
  name: "an-action-of-a-station",
  // @ts-expect-error: a CSMS receives no Reset.
  setup: () => ({ amend201: { Heartbeat: () => undefined, Reset: () => ({ status: "Accepted" }) } }),
});
definePlugin({
  name: "a-field-that-the-answer-has-not",
  // @ts-expect-error: the answer to Heartbeat has no status.
  setup: () => ({ amend16: { Heartbeat: (_request, answer) => void answer.status } }),
});
