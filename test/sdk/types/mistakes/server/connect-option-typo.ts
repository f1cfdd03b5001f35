// An option of the client is misspelt.
import { station } from "@ocpp/core";
import { v201 } from "@ocpp/v201";
import { connect } from "@ocpp/websocket";

// error TS2561: 'pasword' does not exist in type … Did you mean to write 'password'?
connect("ws://127.0.0.1/ocpp/CS-1", [station(v201, {}, { fallback: () => ({}) })], { pasword: "secret" });
