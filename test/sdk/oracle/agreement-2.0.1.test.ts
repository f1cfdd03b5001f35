import { testAgreement } from "./agreement.ts";

testAgreement("2.0.1");
