// An optional field deep in a response is misspelt.
import { csms } from "@ocpp/core";
import { small16 } from "../subsets.ts";

// error TS2322: "AuthorizeResponse has no field parentIdTga"
csms(small16, {
  Authorize: async ({ idTag }) => ({ idTagInfo: { status: "Accepted", parentIdTga: idTag } }),
  DataTransfer: () => ({ status: "Rejected" }),
});
