import { useEffect, useMemo, useRef, useState } from "react";
import type { Importance } from "../../api/types";
import { Bars } from "../../charts/Bars";
import { Figure } from "../../charts/Figure";
import { useWebSocket } from "../../live/useWebSocket";
import { useWords } from "../../state/domain";
import { useResource } from "../../state/useResource";
import { count, counted, percent } from "../../format";
import { Empty, Loaded } from "../../ui/States";

/** The number of newest alerts that are counted. */
const kept = 200;

/** The features that drive alerts now, from their reasons; before any came, those that drive scores at all. */
export function TopReasons() {
    const words = useWords();
    const names = useRef<string[]>([]);
    const [counts, setCounts] = useState<{ name: string; alerts: number }[]>([]);
    useWebSocket((batch) => {
        let isNew = false;
        for (const { isAlert, payload } of batch) {
            const first = isAlert ? payload.reasons?.find((reason) => reason.contribution > 0) : undefined;
            if (first === undefined) continue;
            names.current.push(first.feature);
            isNew = true;
        }
        if (isNew) names.current = names.current.slice(-kept);
    });
    useEffect(() => {
        const timer = setInterval(() => {
            const byName = new Map<string, number>();
            for (const name of names.current) byName.set(name, (byName.get(name) ?? 0) + 1);
            setCounts([...byName].map(([name, alerts]) =>
                ({ name, alerts })).sort((a, b) => b.alerts - a.alerts).slice(0, 6));
        }, 1_000);
        return () => clearInterval(timer);
    }, []);
    const all = useResource<Importance[]>(counts.length === 0 ? "/api/shap-summary" : null);
    const items = useMemo(() => {
        if (counts.length > 0) return counts.map(({ name, alerts }) =>
            ({ name: words.label(name), value: alerts, shown: count(alerts) }));
        const summary = (all.data ?? []).slice(0, 6);
        const sum = (all.data ?? []).reduce((total, one) => total + one.importance, 0);
        return summary.map((one) => ({ name: words.label(one.feature), value: one.importance,
            shown: percent(sum === 0 ? 0 : one.importance / sum) }));
    }, [counts, all.data, words]);
    const isNow = counts.length > 0;
    return (
        <Figure title="Top reasons now" className="span-4 stay"
            note={isNow
                ? `First reason of the last ${counted(names.current.length, "alert")}` : "Share of what moves scores"}
            table={{ head: ["Reason", isNow ? "Alerts" : "Share"],
                rows: items.map((item) => [item.name, item.shown]) }}>
            {isNow ? <Bars items={items} /> : (
                <Loaded of={all} absent="Reasons come with the model's explanations." isEmpty={() => items.length === 0}
                    empty={<Empty title="No reasons yet">They come with the first alerts.</Empty>}>
                    {() => <Bars items={items} />}
                </Loaded>
            )}
        </Figure>
    );
}
