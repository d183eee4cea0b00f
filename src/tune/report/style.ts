/** The report's style: one column on a phone, two pictures beside each other where there is room. */

import { FONT } from './svg.ts';

export const STYLE = `*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.55 ${FONT};-webkit-text-size-adjust:100%}
main{max-width:960px;margin:0 auto;padding:1.2rem 1rem 4rem}
header{margin:1rem 0 1.4rem}
.kind{margin:0;color:var(--muted);font-size:.85rem;letter-spacing:.06em;text-transform:uppercase}
h1{font-size:clamp(1.4rem,4.5vw,2.1rem);line-height:1.2;margin:.2rem 0 0;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.25;margin:2.6rem 0 .4rem}
h3{font-size:1rem;margin:0 0 .3rem}
p{margin:.4rem 0 .8rem}
section>p,section>ul{max-width:46rem}
li{margin:.35rem 0}
ul{padding-left:1.2rem}
.answer{background:var(--card);border:1px solid var(--grid);border-top:4px solid var(--accent);border-radius:12px;padding:1.1rem 1.2rem .6rem}
.lead{font-size:clamp(1.15rem,3.2vw,1.4rem);line-height:1.35;font-weight:650;margin:.1rem 0 1rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.7rem}
.tile{background:var(--page);border-radius:8px;padding:.7rem .8rem}
.tile h3{color:var(--muted);font-size:.82rem;font-weight:600;margin-bottom:.4rem}
.tile div{display:flex;flex-wrap:wrap;align-items:baseline;gap:0 .45rem;line-height:1.35}
.tile b{font-variant-numeric:tabular-nums}
.tile span{color:var(--muted);font-size:.78rem}
.big b{font-size:1.5rem;color:var(--accent)}
.note{color:var(--muted);font-size:.85rem}
.card{background:var(--card);border:1px solid var(--grid);border-radius:10px;padding:.8rem .8rem .5rem;margin:0 0 1rem}
figure svg{display:block;width:100%;height:auto;font-family:inherit}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,24rem),1fr));gap:1rem}
.figures .card{margin:0}
.narrow{display:none}
.legend{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;margin:.2rem 0 .7rem;font-size:.9rem}
.key{white-space:nowrap}
.key i{display:inline-block;width:1.5rem;height:.28rem;border-radius:2px;margin-right:.45rem;vertical-align:middle}
.key i.old{background:repeating-linear-gradient(90deg,var(--old) 0 6px,transparent 6px 10px)}
${[0, 1, 2, 3, 4, 5].map((i) => `.key i.s${i}{background:var(--s${i})}`).join('\n')}
details{margin:.35rem 0}
summary{cursor:pointer;color:var(--muted);font-size:.88rem;padding:.25rem 0}
.mix{border-top:1px solid var(--grid);padding:.3rem 0}
.mix>summary{font-size:1rem;color:var(--ink);padding:.5rem 0}
.mix>summary b{margin-right:.5rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.84rem;font-variant-numeric:tabular-nums;margin:.3rem 0 .6rem}
th,td{border-bottom:1px solid var(--grid);padding:.32rem .7rem .32rem 0;text-align:left;vertical-align:top;white-space:nowrap}
thead th{white-space:normal;vertical-align:bottom;color:var(--muted);font-weight:600}
tbody th{font-weight:500}
.strong th,.strong td{font-weight:700;color:var(--accent)}
dl{display:grid;grid-template-columns:minmax(7rem,max-content) 1fr;gap:.35rem 1.2rem;margin:1rem 0;font-size:.92rem}
dt{color:var(--muted)}
dd{margin:0}
@media (max-width:640px){.wide{display:none}.narrow{display:block}dl{grid-template-columns:1fr;gap:.1rem}dd{margin-bottom:.5rem}td,th{white-space:normal}}
@media print{body{background:none}.card,.answer{break-inside:avoid}}`;
