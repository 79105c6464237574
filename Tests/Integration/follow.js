// A client of the live feed within a page. Keeps what came up to the last cursor frame; what came after it comes again.
// Evaluated in the page by test_browser.py.
() => {
  window.violations = [];
  document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.blockedURI));
  window.feeds = {};
  window.follow = (name, { query = "", command = null, token = null }) => {
    const feed = { updates: [], pending: [], gaps: 0, connections: 0, early: 0, closes: [], filtered: false,
                   hasCursor: false };
    window.feeds[name] = feed;
    let cursor = null;
    const open = () => {
      feed.pending = [];
      feed.connections += 1;
      const parts = [query, cursor && "cursor=" + encodeURIComponent(cursor)].filter(Boolean);
      // The filter is set by a command the first time, and part of the address afterwards.
      if (command && feed.connections === 1) parts.splice(0, 1);
      const socket = new WebSocket("ws://" + location.host + "/ws/updates?" + parts.join("&"));
      let isIn = token === null;
      socket.onopen = () => {
        // Whatever comes within this time came before the token.
        if (token) setTimeout(() => socket.send(JSON.stringify({ type: "authenticate", token })), 300);
        if (command && feed.connections === 1) socket.send(JSON.stringify(command));
      };
      socket.onmessage = ({ data }) => {
        const { type, payload } = JSON.parse(data);
        if (type === "authenticated") isIn = true;
        else if (!isIn) feed.early += 1;
        if (type === "filter") feed.filtered = true;
        if (type === "gap") feed.gaps += 1;
        if (type === "cursor") {
          cursor = payload.cursor;
          feed.hasCursor = true;
          feed.updates.push(...feed.pending);
          feed.pending = [];
        }
        if (type === "churn_alert" || type === "new_event") feed.pending.push([payload.partition, payload.number]);
      };
      socket.onclose = ({ code }) => {
        feed.closes.push(code);
        if (code !== 4001 && code !== 4003) setTimeout(open, 100);
      };
    };
    open();
  };
}
