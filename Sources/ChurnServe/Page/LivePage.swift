/// The page that shows the live feed where no dashboard is built: plain HTML, one script, one style, nothing from
/// elsewhere.
enum LivePage {
    static let html = PlainPage.html(
        title: "Churn live feed", name: "live",
        body: #"""
            <header>
              <div class="brand">
                <svg viewBox="0 0 32 32" width="30" height="30" aria-hidden="true">
                  <rect width="32" height="32" rx="8" class="logo-back"/>
                  <path d="M5 18h5l3-8 5 14 4-10 2 4h3" fill="none" class="logo-line" stroke-width="2.4"
                    stroke-linecap="round" stroke-linejoin="round"/>
                </svg>
                <div>
                  <h1>Churn live feed</h1>
                  <p class="sub">Every customer event, scored as it happens</p>
                </div>
              </div>
              <div class="controls">
                <p id="connection" class="connection" data-state="connecting" role="status">
                  <span class="dot" aria-hidden="true"></span><span id="connection-text">Connecting</span>
                </p>
                <button id="pause" type="button" aria-pressed="false">Pause</button>
              </div>
            </header>
            <main>
              <p class="notice">This is the small page that replaces the dashboard: this server was started without one.
              <code>Docs/dashboard.md</code> in the sources says how to build it and where a server finds it.</p>
              <section class="figures" aria-label="Figures since this page was opened">
                <div class="card"><h2>Rate</h2><p><output id="rate">0</output><span class="unit">events/s</span></p></div>
                <div class="card"><h2>Latency, median</h2><p><output id="latency">&ndash;</output><span class="unit"
                  id="latency-unit">ms</span></p></div>
                <div class="card"><h2>Events</h2><p><output id="total">0</output></p></div>
                <div class="card accent"><h2>Became at risk</h2><p><output id="became">0</output></p></div>
                <div class="card wide">
                  <h2 id="bands-title">Scores by risk band</h2>
                  <div id="bar" class="bar" aria-hidden="true">
                    <span data-band="Critical"></span><span data-band="High"></span><span data-band="Medium"></span><span
                      data-band="Low"></span>
                  </div>
                  <dl class="bands" aria-labelledby="bands-title">
                    <div><dt data-band="Critical">Critical</dt><dd id="count-Critical">0</dd></div>
                    <div><dt data-band="High">High</dt><dd id="count-High">0</dd></div>
                    <div><dt data-band="Medium">Medium</dt><dd id="count-Medium">0</dd></div>
                    <div><dt data-band="Low">Low</dt><dd id="count-Low">0</dd></div>
                  </dl>
                </div>
              </section>
              <p id="notice" class="notice" role="status" hidden></p>
              <section class="feed" aria-labelledby="feed-title">
                <div class="feed-head">
                  <h2 id="feed-title">Newest updates</h2>
                  <label class="filter"><input id="alerts-only" type="checkbox"> Alerts only</label>
                </div>
                <div class="scroll" tabindex="0" role="region" aria-labelledby="feed-title">
                  <table>
                    <thead><tr>
                      <th scope="col">Time</th><th scope="col">Customer</th><th scope="col">Event</th>
                      <th scope="col">Churn probability</th><th scope="col">Risk</th><th scope="col">Contract</th>
                      <th scope="col" class="number">Monthly charges</th>
                    </tr></thead>
                    <tbody id="rows"></tbody>
                  </table>
                  <p id="empty" class="empty">Waiting for the first event.</p>
                </div>
              </section>
            </main>
            <footer>
              <p>The newest 100 updates are shown. Figures count from the moment this page was opened; latency is the time
              from the event's own timestamp to this page.</p>
            </footer>
            """#)
}
