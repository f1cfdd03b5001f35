import { testAgreement } from "./agreement.ts";

testAgreement("2.1");
