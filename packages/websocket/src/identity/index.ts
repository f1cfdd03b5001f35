// For libraries that enter stations and open no connection: without the WebSocket, so that it costs them nothing.

export { identityFault, identityPattern } from "../identity.ts";
