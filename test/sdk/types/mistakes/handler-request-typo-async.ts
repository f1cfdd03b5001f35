// A field of the request is misspelt where a handler takes it apart.
import { csms } from "@ocpp/core";
import { small16 } from "../subsets.ts";

csms(small16, {
  // error TS2339: 'idTga' does not exist on type 'AuthorizeRequest'.
  Authorize: async ({ idTga }) => ({ idTagInfo: { status: "Accepted", parentIdTag: idTga } }),
  DataTransfer: () => ({ status: "Rejected" }),
});
