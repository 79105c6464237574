import type { DriftWindow, ModelHealth } from "../../api/types";
import { useWords } from "../../state/domain";
import { amount, count, dateTime } from "../../format";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";
import { DriftEpisodes } from "./DriftEpisodes";
import { StatusTag } from "./StatusTag";
import type { Health } from "./useModelHealth";

const worst = (row: { psi: number | null; ks: number | null }) => Math.max(row.psi ?? 0, row.ks ?? 0);

/** The status of a column over the shorter windows. */
function Windows({ health, feature }: { health: ModelHealth; feature: string }) {
    const status = (window: DriftWindow) => health.windows?.find((one) => one.window === window)?.columns
        .find((one) => one.feature === feature)?.status ?? "insufficient";
    return <><td><StatusTag status={status("day")} /></td><td><StatusTag status={status("hour")} /></td></>;
}

/** The distance of customers and scores from those that the model was trained on. */
export function Drift({ health: { health } }: { health: Health }) {
    const words = useWords();
    const drift = health.data?.drift;
    const limits = health.data?.thresholds;
    const note = limits
        ? `Population stability index, warning at ${amount(limits.psi_warning)}, alarm at ${amount(limits.psi_alarm)}`
        : "Against the training data";
    return (
        <Panel title="Drift" note={note} flush>
            <Loaded of={health} height={220} absent="This server does not watch for drift."
                isEmpty={(data: ModelHealth) => !data.drift
                    || (data.drift.features.length === 0 && data.drift.scores === null)}
                empty={<Empty title="Nothing to compare yet">Drift is measured once enough customers were
                    scored.</Empty>}>
                {(data: ModelHealth) => drift && (
                    <div className="scroll" tabIndex={0} role="region" aria-label="Drift by feature">
                        <DriftEpisodes health={data} />
                        <table>
                            <caption className="visually-hidden">Drift since {dateTime(drift.since)},{" "}
                                {count(drift.rows)} rows</caption>
                            <thead><tr><th scope="col">Feature</th><th scope="col" className="end">Stability index</th>
                                <th scope="col" className="end">Kolmogorov-Smirnov</th><th scope="col">Status</th>
                                <th scope="col">Last day</th><th scope="col">Last hour</th>
                                    </tr></thead>
                            <tbody>
                                {drift.scores !== null && (
                                    <tr><th scope="row">All scores</th>
                                        <td className="end">{amount(drift.scores.psi)}</td>
                                            <td className="end">{amount(drift.scores.ks)}</td>
                                                <td><StatusTag status={drift.scores.status} /></td>
                                                    <Windows health={data} feature="score" /></tr>
                                )}
                                {[...drift.features].sort((a, b) => worst(b) - worst(a)).map((row) => (
                                    <tr key={row.feature}><th scope="row">{words.label(row.feature)}</th>
                                        <td className="end">{amount(row.psi)}</td>
                                            <td className="end">{amount(row.ks)}</td>
                                                <td><StatusTag status={row.status} /></td>
                                                    <Windows health={data} feature={row.feature} /></tr>
                                ))}
                            </tbody>
                        </table>
                    </div>
                )}
            </Loaded>
        </Panel>
    );
}
