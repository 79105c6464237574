import type { DriftStatus } from "../../api/types";
import { words } from "../../format";

const texts: Record<DriftStatus, string> = { stable: "Stable", warning: "Warning", alarm: "Alarm",
    insufficient: "Too few rows" };

export function StatusTag({ status }: { status: DriftStatus }) {
    return <span className="status-tag" data-status={status}><i aria-hidden="true" />{texts[status] ?? words(status)}
        </span>;
}
