import { useMemo } from "react";
import type { Importance, TopReasons as Reasons } from "../../api/types";
import { Bars } from "../../charts/Bars";
import { Figure } from "../../charts/Figure";
import { useLiveReload } from "../../live/useLiveReload";
import { useWords } from "../../state/domain";
import { useResource } from "../../state/useResource";
import { count, counted, hour, percent } from "../../format";
import { Empty, Loaded } from "../../ui/States";

/** The features that drive the last hour's alerts, as the server counts them; without any, those that drive scores. */
export function TopReasons() {
    const words = useWords();
    const found = useResource<Reasons>("/api/top-reasons");
    useLiveReload(found.reload, 5_000, (update) => update.isAlert);
    const counts = found.data?.reasons ?? [];
    const isNow = counts.length > 0;
    const isKnown = found.data !== null || found.failure !== null;
    const all = useResource<Importance[]>(isKnown && !isNow ? "/api/shap-summary" : null);
    const items = useMemo(() => {
        if (isNow) return counts.slice(0, 6).map(({ feature, alerts }) =>
            ({ name: words.label(feature), value: alerts, shown: count(alerts) }));
        const sum = (all.data ?? []).reduce((total, one) => total + one.importance, 0);
        return (all.data ?? []).slice(0, 6).map((one) => ({ name: words.label(one.feature), value: one.importance,
            shown: percent(sum === 0 ? 0 : one.importance / sum) }));
    }, [counts, isNow, all.data, words]);
    return (
        <Figure title="Top reasons of the last hour" className="span-4 stay"
            note={isNow
                ? `First reason of ${counted(found.data?.alerts ?? 0, "alert")} since ${hour(found.data?.since)}`
                : "No alerts in the last hour; share of what moves scores"}
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
