// Times loanjs 1.1.2: an annuity without dates, in floats. Prints `name nanoseconds`.
const { Loan } = require("loanjs");

const work = () => Loan(200000, 360, 5.99, "annuity");
if (work().installments.length !== 360) throw new Error("rows");
for (let i = 0; i < 2000; i++) work();
const start = process.hrtime.bigint();
let calls = 0;
let kept = 0;
while (process.hrtime.bigint() - start < 400000000n) {
  for (let i = 0; i < 50; i++) kept += work().installments.length;
  calls += 50;
}
const spent = Number(process.hrtime.bigint() - start);
if (kept === 0) throw new Error("nothing was made");
console.log("loanjs-1.1.2-no-dates", spent / calls);
