import type { Difference } from "../../api/types";
import { count, counted, percent, points, signed } from "../../format";
import { Panel } from "../../ui/Panel";
import { Empty, Loaded } from "../../ui/States";
import type { Health } from "./useModelHealth";

const interval = (difference: Difference | null) => (difference === null ? "Too few outcomes"
    : `${signed(difference.value, 3)} (95 %: ${signed(difference.lower, 3)} to ${signed(difference.upper, 3)})`);

/** Another model's scores of the same customers, which no one sees. */
export function Challenger({ health: { health } }: { health: Health }) {
    return (
        <Panel title="Champion and challenger" note="Both score the same events; only the champion counts"
            className="span-5">
            <Loaded of={health} height={180} absent="This server runs one model only."
                isEmpty={(data) => data.challenger === null || data.challenger === undefined}
                empty={<Empty title="No challenger runs">Register a second model to compare it before it
                    serves.</Empty>}>
                {({ challenger }) => challenger && (
                    <dl className="pairs number">
                        <div className="wide"><dt>Challenger</dt><dd>{challenger.model_version}</dd></div>
                        <div><dt>Scored by both</dt><dd>{count(challenger.scored)}</dd></div>
                        <div><dt>Mean difference</dt><dd>{points(challenger.mean_difference)}</dd></div>
                        <div><dt>Another band</dt><dd>{percent(challenger.disagreement_share)}</dd></div>
                        <div><dt>Alerts, champion</dt><dd>{count(challenger.alerts_champion)}</dd></div>
                        <div><dt>Alerts, challenger</dt><dd>{count(challenger.alerts_challenger)}</dd></div>
                        {challenger.judged && (
                            <div className="wide"><dt>AUC by {counted(challenger.judged.customers, "same customer")}
                                </dt><dd>{interval(challenger.judged.auc_difference)}</dd></div>
                        )}
                    </dl>
                )}
            </Loaded>
        </Panel>
    );
}
