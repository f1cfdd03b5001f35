// What a program costs that uses nothing of ours.
export const nothing = 0;
