extension DocsPage {
    static let script = #"""
        "use strict";
        (() => {
          // Ends with a slash; a proxy may show the server below a path.
          const base = new URL(".", document.currentScript.src).pathname;
          const METHODS = ["get", "post", "put", "patch", "delete"];
          const byId = (id) => document.getElementById(id);
          // Text is set, never parsed as HTML.
          const element = (name, className, text) => {
            const node = document.createElement(name);
            if (className) node.className = className;
            if (text !== undefined) node.textContent = text;
            return node;
          };
          let api = {};
          const resolve = (value) => {
            if (!value || !value.$ref) return value || {};
            return value.$ref.replace("#/", "").split("/").reduce((at, key) => at[key], api);
          };

          // A schema in one line.
          const type = (schema) => {
            schema = resolve(schema);
            if (schema.const !== undefined) return JSON.stringify(schema.const);
            if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
            if (schema.type === "array") return "list of " + type(schema.items);
            const name = Array.isArray(schema.type) ? schema.type.join(" | ") : schema.type;
            if (name) return schema.format ? name + " (" + schema.format + ")" : name;
            const some = schema.oneOf || schema.anyOf;
            return some ? some.map(type).join(" | ") : "object";
          };

          // A schema as indented text, with what it refers to filled in.
          const outline = (schema, indent, seen) => {
            const reference = schema && schema.$ref;
            if (reference && seen.includes(reference)) return "...";
            const within = reference ? seen.concat(reference) : seen;
            schema = resolve(schema);
            const pad = "  ".repeat(indent + 1);
            if (schema.oneOf && !schema.properties) {
              return schema.oneOf.map((one) => outline(one, indent, within)).join("\n" + "  ".repeat(indent) + "or ");
            }
            if (schema.type === "array") return "[" + outline(schema.items, indent, within) + ", ...]";
            let properties = { ...(schema.properties || {}) };
            let required = schema.required || [];
            for (const part of (schema.allOf || []).map(resolve)) {
              properties = { ...(part.properties || {}), ...properties };
              required = required.concat(part.required || []);
            }
            const names = Object.keys(properties);
            if (names.length === 0) return type(schema);
            return "{\n" + names.map((name) => pad + name + (required.includes(name) ? "" : "?") + ": " +
              outline(properties[name], indent + 1, within)).join("\n") + "\n" + "  ".repeat(indent) + "}";
          };

          const table = (heads, lines) => {
            const box = element("div", "scroll");
            const node = element("table");
            const head = element("tr");
            for (const text of heads) {
              const cell = element("th", "", text);
              cell.scope = "col";
              head.append(cell);
            }
            node.append(head);
            for (const line of lines) {
              const row = element("tr");
              line.forEach((text, index) => {
                const cell = element("td");
                cell.append(index === 0 ? element("code", "", text) : text);
                row.append(cell);
              });
              node.append(row);
            }
            box.append(node);
            return box;
          };

          const content = (parent, title, media) => {
            for (const [name, one] of Object.entries(media || {})) {
              parent.append(element("h3", "", title + ": " + name));
              if (one.schema) parent.append(element("pre", "", outline(one.schema, 0, [])));
            }
          };

          const operation = (path, method, item, it) => {
            const node = element("details");
            node.id = it.operationId;
            const head = element("summary");
            const verb = element("span", "method", method.toUpperCase());
            verb.dataset.method = method.toUpperCase();
            head.append(verb, element("span", "path", path), element("span", "what", it.summary || ""));
            node.append(head);
            if (it.description) node.append(element("p", "", it.description));
            const parameters = (item.parameters || []).concat(it.parameters || []).map(resolve);
            if (parameters.length > 0) {
              node.append(element("h3", "", "Parameters"));
              node.append(table(["Name", "In", "Type", "Meaning"], parameters.map((one) =>
                [one.name, one.in, type(one.schema), one.description || ""])));
            }
            if (it.requestBody) content(node, "Body", resolve(it.requestBody).content);
            node.append(element("h3", "", "Answers"));
            node.append(table(["Status", "Meaning", "Form"], Object.entries(it.responses).map(([status, one]) => {
              const answer = resolve(one);
              return [status, answer.description || "", Object.keys(answer.content || {}).join(", ")];
            })));
            content(node, "Answer", resolve(it.responses["200"] || it.responses["201"]).content);
            return node;
          };

          const show = (document) => {
            api = document;
            byId("title").textContent = api.info.title + " API " + api.info.version;
            byId("about").textContent = api.info.description;
            for (const tag of api.tags) {
              const section = element("section");
              const title = element("h2", "", tag.name);
              title.id = "tag-" + tag.name;
              section.append(title, element("p", "", tag.description));
              for (const [path, item] of Object.entries(api.paths)) {
                for (const method of METHODS) {
                  const it = item[method];
                  if (it && it.tags.includes(tag.name)) section.append(operation(path, method, item, it));
                }
              }
              byId("operations").append(section);
              const link = element("a", "", tag.name);
              link.href = "#tag-" + tag.name;
              byId("contents").append(link);
            }
            const target = location.hash && byId(location.hash.slice(1));
            if (target) {
              target.open = true;
              target.scrollIntoView();
            }
          };

          fetch(base + "openapi.json").then((answer) => {
            if (!answer.ok) throw new Error("status " + answer.status);
            return answer.json();
          }).then(show).catch(() => {
            byId("about").textContent = "The document could not be read. Reload the page to try again.";
          });
        })();
        """#
}
