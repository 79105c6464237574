/// The page that shows `/openapi.json` to people: plain HTML, one script, one style, nothing from elsewhere.
enum DocsPage {
    static let html = PlainPage.html(
        title: "Churn API", name: "docs",
        body: #"""
            <header>
              <h1 id="title">Churn API</h1>
              <p id="about">Reading the document.</p>
              <p><a href="/openapi.json">openapi.json</a> is what this page shows: OpenAPI 3.1, for generators and tools.</p>
              <nav id="contents" aria-label="Contents"></nav>
            </header>
            <main id="operations"></main>
            <noscript><p>This page needs its script. The document itself is at <a href="/openapi.json">openapi.json</a>.</p></noscript>
            """#)

    static let style = #"""
        :root { color-scheme: light dark; --page: #f4f5f7; --panel: #ffffff; --line: #dfe3e8; --text: #16202c;
          --soft: #55606e; --brand: #1d4ed8; --write: #b45309; --code: #eef1f5; }
        @media (prefers-color-scheme: dark) {
          :root { --page: #0d131b; --panel: #151e29; --line: #273341; --text: #e8edf3; --soft: #9aa8b8;
            --brand: #7aa5ff; --write: #ffb066; --code: #0f1721; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
        header, main { max-width: 980px; margin: 0 auto; padding: 16px 20px; }
        h1 { font-size: 24px; margin: 0; } h2 { font-size: 18px; margin: 28px 0 8px; }
        p { margin: 6px 0; color: var(--soft); } a { color: var(--brand); }
        nav { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 10px; font-size: 13px; }
        details { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; margin: 8px 0;
          padding: 0 16px; }
        summary { cursor: pointer; padding: 11px 0; display: flex; gap: 12px; flex-wrap: wrap; align-items: baseline; }
        :focus-visible { outline: 2px solid var(--brand); outline-offset: 2px; }
        .method { font-weight: 700; font-size: 12px; color: var(--brand); min-width: 44px; }
        .method[data-method=POST] { color: var(--write); }
        .path, code, pre { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: 13px; }
        .what { color: var(--soft); }
        h3 { font-size: 13px; margin: 14px 0 4px; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font-size: 13.5px; }
        th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-top: 1px solid var(--line); }
        th { color: var(--soft); font-weight: 600; }
        pre { background: var(--code); border-radius: 8px; padding: 10px 12px; overflow: auto; max-height: 420px;
          margin: 4px 0 14px; }
        """#
}
