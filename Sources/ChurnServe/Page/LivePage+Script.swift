extension LivePage {
    static let script = #"""
        "use strict";
        (() => {
          // Ends with a slash; a proxy may show the server below a path.
          const base = new URL(".", document.currentScript.src).pathname;
          const MAX_ROWS = 100, FRAME_MS = 200;
          const BANDS = ["Critical", "High", "Medium", "Low"];
          const byId = (id) => document.getElementById(id);
          const rows = byId("rows");
          const openedAt = Date.now();
          const counts = { Critical: 0, High: 0, Medium: 0, Low: 0 };
          let total = 0, became = 0, cursor = null, attempt = 0, paused = false, alertsOnly = false;
          let pending = [], kept = [], arrivals = [], latencies = [], socket = null;

          const setState = (state, text) => {
            byId("connection").dataset.state = state;
            byId("connection-text").textContent = text;
          };
          const notice = (text) => {
            byId("notice").textContent = text;
            byId("notice").hidden = text === "";
          };

          // Connection: comes back where it left off, after 0.5 to 30 seconds with full jitter.
          const connect = () => {
            setState("connecting", attempt === 0 ? "Connecting" : "Reconnecting");
            const query = cursor === null ? "" : "?cursor=" + encodeURIComponent(cursor);
            const ws = new WebSocket((location.protocol === "https:" ? "wss://" : "ws://") + location.host +
              base + "ws/updates" + query);
            let opened = false;
            socket = ws;
            ws.onopen = () => { opened = true; attempt = 0; setState("live", "Live"); };
            ws.onmessage = (message) => receive(message.data);
            ws.onclose = (event) => {
              if (socket !== ws) return;
              // A cursor that the server refuses would be refused indefinitely.
              if (!opened && attempt >= 2) cursor = null;
              const limit = Math.min(30000, 500 * 2 ** attempt);
              attempt = Math.min(attempt + 1, 7);
              const wait = 500 + Math.random() * limit;
              setState("lost", (event.code === 1001 ? "Server stopped" : "Disconnected") + ", retrying in " +
                (wait / 1000).toFixed(1) + " s");
              setTimeout(connect, wait);
            };
          };

          const receive = (data) => {
            let frame;
            try { frame = JSON.parse(data); } catch { return; }
            const payload = frame.payload || {};
            if (frame.type === "cursor") { cursor = payload.cursor; return; }
            if (frame.type === "gap") {
              notice("Updates " + payload.from + " to " + (payload.to - 1) + " of partition " + payload.partition +
                " are no longer kept and were skipped.");
              return;
            }
            if (frame.type !== "churn_alert" && frame.type !== "new_event") return;
            const now = Date.now();
            const at = eventTime(payload.timestamp);
            total += 1;
            arrivals.push(now);
            if (at !== null) {
              latencies.push(now - at);
              if (latencies.length > 500) latencies.splice(0, latencies.length - 500);
            }
            if (counts[payload.churn_risk] !== undefined) counts[payload.churn_risk] += 1;
            if (payload.became_at_risk === true) became += 1;
            const update = { frame, payload, at: at === null ? now : at, alert: frame.type === "churn_alert" };
            pending.push(update);
            if (pending.length > MAX_ROWS) pending.shift();
          };

          const eventTime = (value) => {
            if (typeof value === "number") return value * 1000;
            if (typeof value === "string") {
              const time = Date.parse(value);
              if (!Number.isNaN(time)) return time;
            }
            return null;
          };

          // Drawing: a few times a second, however many updates come. Text is set, never parsed as HTML.
          const number = new Intl.NumberFormat("en");
          const clock = new Intl.DateTimeFormat("en",
            { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
          const element = (name, className, text) => {
            const node = document.createElement(name);
            if (className) node.className = className;
            if (text !== undefined) node.textContent = text;
            return node;
          };
          const words = (text) => {
            const spaced = String(text ?? "").replace(/_/g, " ");
            return spaced.charAt(0).toUpperCase() + spaced.slice(1);
          };

          const row = ({ payload, alert, at }) => {
            const band = BANDS.includes(payload.churn_risk) ? payload.churn_risk : "Low";
            const line = element("tr", alert ? "alert" : "");
            line.dataset.band = band;
            const add = (label, className, text) => {
              const cell = element("td", className, text);
              cell.dataset.label = label;
              line.append(cell);
              return cell;
            };
            add("Time", "time", clock.format(at));
            add("Customer", "customer", String(payload.user_id ?? payload.customer_id ?? "unknown"));
            const event = add("Event", "event", words(payload.event_type));
            if (payload.became_at_risk === true) event.append(element("span", "became", "became at risk"));
            const probability = Number(payload.churn_probability);
            const score = add("Churn probability", "score");
            const meter = element("span", "meter");
            meter.setAttribute("aria-hidden", "true");
            const fill = element("span", "fill");
            const share = Math.min(1, Math.max(0, Number.isFinite(probability) ? probability : 0));
            fill.style.width = (share * 100).toFixed(1) + "%";
            meter.append(fill);
            score.append(meter, element("span", "percent", Number.isFinite(probability)
              ? (probability * 100).toFixed(1) + "%" : "unknown"));
            add("Risk", "risk").append(element("span", "badge", band));
            add("Contract", "contract", String(payload.contract_type ?? ""));
            const charges = payload.monthly_charges;
            add("Monthly charges", "number", typeof charges === "number" ? charges.toFixed(2) : "");
            return line;
          };

          const redraw = () => {
            const shown = alertsOnly ? kept.filter((update) => update.alert) : kept;
            rows.replaceChildren(...shown.map(row));
            byId("empty").hidden = shown.length > 0;
          };

          const figures = () => {
            const now = Date.now();
            const span = Math.min(5000, Math.max(1000, now - openedAt));
            arrivals = arrivals.filter((time) => now - time < span);
            const rate = arrivals.length / (span / 1000);
            byId("rate").textContent = rate >= 10 || rate === 0 ? number.format(Math.round(rate)) : rate.toFixed(1);
            byId("total").textContent = number.format(total);
            byId("became").textContent = number.format(became);
            if (latencies.length > 0) {
              const sorted = [...latencies].sort((a, b) => a - b);
              const median = Math.max(0, sorted[Math.floor(sorted.length / 2)]);
              const inSeconds = median >= 10000;
              byId("latency").textContent = number.format(Math.round(inSeconds ? median / 1000 : median));
              byId("latency-unit").textContent = inSeconds ? "s" : "ms";
            }
            const sum = BANDS.reduce((all, band) => all + counts[band], 0);
            for (const band of BANDS) {
              byId("count-" + band).textContent = number.format(counts[band]);
              const part = byId("bar").querySelector("[data-band=" + band + "]");
              part.style.width = (sum === 0 ? 0 : counts[band] / sum * 100) + "%";
            }
          };

          setInterval(() => {
            figures();
            if (paused || pending.length === 0) return;
            const fresh = pending.reverse();
            pending = [];
            kept = fresh.concat(kept).slice(0, MAX_ROWS);
            if (alertsOnly) return redraw();
            rows.prepend(...fresh.map(row));
            while (rows.childElementCount > MAX_ROWS) rows.lastElementChild.remove();
            byId("empty").hidden = true;
          }, FRAME_MS);

          byId("pause").addEventListener("click", (event) => {
            paused = !paused;
            event.currentTarget.setAttribute("aria-pressed", String(paused));
            event.currentTarget.textContent = paused ? "Resume" : "Pause";
          });
          byId("alerts-only").addEventListener("change", (event) => {
            alertsOnly = event.currentTarget.checked;
            redraw();
          });
          connect();
        })();
        """#
}
