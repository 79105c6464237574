extension LivePage {
    static let style = #"""
        :root {
          color-scheme: light dark;
          --page: #f4f5f7; --panel: #ffffff; --line: #dfe3e8; --text: #16202c; --soft: #55606e; --brand: #1d4ed8;
          --Critical: #b3122d; --High: #b45309; --Medium: #8a6d00; --Low: #15703f;
          --Critical-back: #fde8ec; --High-back: #fdeedd; --Medium-back: #fbf3cf; --Low-back: #e0f4e8;
          --alert-row: #fff5f6; --shadow: 0 1px 2px rgb(16 32 48 / 8%), 0 4px 14px rgb(16 32 48 / 5%);
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #0d131b; --panel: #151e29; --line: #273341; --text: #e8edf3; --soft: #9aa8b8; --brand: #7aa5ff;
            --Critical: #ff8798; --High: #ffb066; --Medium: #ecd05c; --Low: #6fdc9d;
            --Critical-back: #471722; --High-back: #432a12; --Medium-back: #3a330f; --Low-back: #12372a;
            --alert-row: #211820; --shadow: 0 1px 2px rgb(0 0 0 / 40%);
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--page); color: var(--text);
          font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
        }
        h1, h2, p, dl, dd { margin: 0; }
        header, main, footer { max-width: 1240px; margin: 0 auto; padding: 0 20px; }
        header { display: flex; flex-wrap: wrap; gap: 12px; justify-content: space-between; align-items: center;
          padding-top: 18px; padding-bottom: 16px; }
        .brand { display: flex; gap: 12px; align-items: center; }
        .logo-back { fill: var(--brand); } .logo-line { stroke: var(--panel); }
        h1 { font-size: 20px; letter-spacing: -0.01em; }
        .sub { color: var(--soft); font-size: 13px; }
        .controls { display: flex; gap: 10px; align-items: center; flex-wrap: wrap; }
        .connection { display: inline-flex; gap: 8px; align-items: center; padding: 6px 12px; border-radius: 999px;
          background: var(--panel); border: 1px solid var(--line); font-size: 13px; font-weight: 600;
          font-variant-numeric: tabular-nums; }
        .dot { width: 9px; height: 9px; border-radius: 50%; background: var(--Medium); }
        [data-state=live] .dot { background: var(--Low); animation: pulse 2s infinite; }
        [data-state=lost] .dot { background: var(--Critical); }
        @keyframes pulse { 50% { opacity: .45; } }
        button { font: inherit; font-size: 13px; font-weight: 600; color: var(--text); background: var(--panel);
          border: 1px solid var(--line); border-radius: 8px; padding: 6px 14px; cursor: pointer; min-width: 84px; }
        button:hover { border-color: var(--brand); }
        button[aria-pressed=true] { background: var(--brand); color: var(--panel); border-color: var(--brand); }
        :focus-visible { outline: 2px solid var(--brand); outline-offset: 2px; }
        .figures { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)) minmax(0, 2.1fr); gap: 12px; }
        .card { background: var(--panel); border: 1px solid var(--line); border-radius: 12px; padding: 14px 16px;
          box-shadow: var(--shadow); min-width: 0; }
        .card h2 { font-size: 12px; font-weight: 600; color: var(--soft); }
        .card output { font-size: 27px; font-weight: 700; letter-spacing: -0.02em; font-variant-numeric: tabular-nums; }
        .card.accent output { color: var(--Critical); }
        .unit { color: var(--soft); font-size: 13px; margin-left: 5px; }
        .bar { display: flex; height: 9px; border-radius: 5px; overflow: hidden; background: var(--line);
          margin: 9px 0 10px; gap: 1px; }
        .bar span { width: 0; transition: width .3s; }
        .bar [data-band=Critical] { background: var(--Critical); } .bar [data-band=High] { background: var(--High); }
        .bar [data-band=Medium] { background: var(--Medium); } .bar [data-band=Low] { background: var(--Low); }
        .bands { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px; }
        .bands dt { font-size: 12px; font-weight: 600; }
        .bands dd { font-weight: 700; font-variant-numeric: tabular-nums; }
        dt[data-band=Critical] { color: var(--Critical); } dt[data-band=High] { color: var(--High); }
        dt[data-band=Medium] { color: var(--Medium); } dt[data-band=Low] { color: var(--Low); }
        .notice { margin-top: 12px; padding: 9px 14px; border-radius: 8px; border: 1px solid var(--Medium);
          background: var(--Medium-back); font-size: 13px; }
        .feed { margin-top: 16px; background: var(--panel); border: 1px solid var(--line); border-radius: 12px;
          box-shadow: var(--shadow); overflow: hidden; }
        .feed-head { display: flex; justify-content: space-between; align-items: center; padding: 12px 16px; }
        .feed-head h2 { font-size: 15px; }
        .filter { font-size: 13px; display: inline-flex; gap: 7px; align-items: center; cursor: pointer; }
        .filter input { width: 16px; height: 16px; accent-color: var(--brand); }
        .scroll { max-height: calc(100vh - 330px); min-height: 320px; overflow: auto; }
        table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
        th { position: sticky; top: 0; z-index: 1; background: var(--panel); text-align: left; font-size: 12px;
          font-weight: 600; color: var(--soft); padding: 8px 16px; box-shadow: inset 0 -1px var(--line);
          white-space: nowrap; }
        td { padding: 8px 16px; border-bottom: 1px solid var(--line); white-space: nowrap; }
        tr.alert { background: var(--alert-row); }
        tr.alert td:first-child { box-shadow: inset 3px 0 var(--High); }
        tr.alert[data-band=Critical] td:first-child { box-shadow: inset 3px 0 var(--Critical); }
        .time { color: var(--soft); } .customer { font-weight: 600; }
        .number { text-align: right; }
        .became { margin-left: 9px; padding: 2px 8px; border-radius: 999px; font-size: 11.5px; font-weight: 700;
          color: var(--panel); background: var(--Critical); }
        .meter { display: inline-block; vertical-align: middle; width: 92px; height: 7px; border-radius: 4px;
          background: var(--line); overflow: hidden; margin-right: 10px; }
        .fill { display: block; height: 100%; background: var(--Low); }
        [data-band=Medium] .fill { background: var(--Medium); } [data-band=High] .fill { background: var(--High); }
        [data-band=Critical] .fill { background: var(--Critical); }
        .badge { display: inline-block; min-width: 66px; text-align: center; padding: 2px 9px; border-radius: 999px;
          font-size: 12px; font-weight: 700; color: var(--Low); background: var(--Low-back); }
        [data-band=Medium] .badge { color: var(--Medium); background: var(--Medium-back); }
        [data-band=High] .badge { color: var(--High); background: var(--High-back); }
        [data-band=Critical] .badge { color: var(--Critical); background: var(--Critical-back); }
        .empty { padding: 48px 16px; text-align: center; color: var(--soft); }
        footer { color: var(--soft); font-size: 12px; padding-top: 14px; padding-bottom: 24px; }
        @media (max-width: 960px) {
          .figures { grid-template-columns: repeat(4, minmax(0, 1fr)); } .wide { grid-column: 1 / -1; }
        }
        @media (max-width: 700px) {
          header, main, footer { padding-left: 14px; padding-right: 14px; }
          .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 10px; }
          .controls { width: 100%; justify-content: space-between; }
          .scroll { max-height: none; min-height: 0; }
          thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          table, tbody { display: block; }
          tr { display: grid; grid-template-columns: 1fr auto; gap: 3px 12px; padding: 10px 14px;
            border-bottom: 1px solid var(--line); }
          tr.alert { box-shadow: inset 3px 0 var(--High); }
          tr.alert[data-band=Critical] { box-shadow: inset 3px 0 var(--Critical); }
          tr.alert td:first-child, tr.alert[data-band=Critical] td:first-child { box-shadow: none; }
          td { border: 0; padding: 0; }
          .customer { order: 1; } .risk { order: 2; text-align: right; }
          .event { order: 3; grid-column: 1 / -1; white-space: normal; }
          .score { order: 4; } .time { order: 5; text-align: right; }
          .contract { order: 6; color: var(--soft); font-size: 13px; }
          td.number { order: 7; color: var(--soft); font-size: 13px; }
        }
        @media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
        """#
}
