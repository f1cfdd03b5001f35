/* Type equality, told exactly: `any` equals only `any`, and optional, readonly and union differences count. */

/** True where the two types are the same type. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only where the two types are the same: `same<Actual, Expected>(true)`. */
export declare function same<A, B>(verdict: Same<A, B>): void;
