import { present, throwing, violations } from "./outcome.ts";

/* Does what the Content-Security-Policy forbids, to show that it is in force and that violations are seen. */
present(async () => {
  const reported = new Promise<void>((resolve) => {
    let count = 0;
    document.addEventListener("securitypolicyviolation", () => {
      count += 1;
      if (count === 3) resolve();
    });
  });
  /* oxlint-disable eslint/no-eval, typescript/no-implied-eval -- that they are refused is the point */
  const evaluated = [
    throwing(() => new Function("return 1")() as unknown),
    throwing(() => globalThis.eval("1") as unknown),
  ];
  /* oxlint-enable eslint/no-eval, typescript/no-implied-eval */
  const image = document.createElement("img");
  image.src = "/image.png";
  document.body.append(image);
  await reported;
  return { evaluated, violations };
});
