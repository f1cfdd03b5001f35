// A name in a list of values is misspelt.
import { RegistrationStatusEnum } from "@ocpp/v201";

// error TS2551: 'Acepted' does not exist on type … Did you mean 'Accepted'?
export const status = RegistrationStatusEnum.Acepted;
