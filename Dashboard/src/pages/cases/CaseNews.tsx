import type { CustomerCase } from "../../api/types";
import { ago, date, percent } from "../../format";

const hour = 3_600_000;

/** What has changed about a case since it was raised: its customer's standing, and who took it lately. */
export function CaseNews({ item, now }: { item: CustomerCase; now: number }) {
    const texts: string[] = [];
    if (item.standing === "left") texts.push(`Left on ${date(item.left_at)}`);
    else if (item.standing === "recovered") texts.push("Recovered");
    if (item.standing !== "left" && item.churn_probability_now !== null
        && Math.abs(item.churn_probability_now - item.churn_probability) >= 0.0005) {
        texts.push(`${percent(item.churn_probability)} then, ${percent(item.churn_probability_now)} now`);
    }
    if (item.status === "assigned" && item.changed_by !== null && item.changed_at !== null
        && now - Date.parse(item.changed_at) < hour) {
        texts.push(`${item.changed_by} ${item.assignee === item.changed_by ? "took" : "gave"} it `
            + ago(item.changed_at, now));
    }
    if (texts.length === 0) return null;
    return <span className="faint clip" data-standing={item.standing ?? undefined}>{texts.join(" · ")}</span>;
}
