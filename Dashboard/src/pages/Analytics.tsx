import type { Analytics } from "../api/types";
import { useLiveReload } from "../live/useLiveReload";
import { useWords } from "../state/domain";
import { useResource } from "../state/useResource";
import { Challenger } from "./analytics/Challenger";
import { Drift } from "./analytics/Drift";
import { Flow } from "./analytics/Flow";
import { LifeCycle } from "./analytics/LifeCycle";
import { ModelHealthPanel } from "./analytics/ModelHealthPanel";
import { Predictors } from "./analytics/Predictors";
import { RiskProfile } from "./analytics/RiskProfile";
import { useModelHealth } from "./analytics/useModelHealth";

/** The customer base by risk, and the quality of the model. */
export function AnalyticsPage() {
    const words = useWords();
    const analytics = useResource<Analytics>("/api/analytics");
    useLiveReload(analytics.reload, 10_000);
    const health = useModelHealth();
    return (
        <>
            <div className="page-head">
                <div>
                    <h1>Analytics</h1>
                    <p>Where risk sits in {words.segment.toLowerCase()}
                        {words.hasLifeCycle ? " and life-cycle" : ""}, and whether the model is still right</p>
                </div>
            </div>
            <div className="grid">
                <LifeCycle analytics={analytics} />
                <Predictors />
                <RiskProfile analytics={analytics} />
                <Flow analytics={analytics} />
                <ModelHealthPanel health={health} />
                <Challenger health={health} />
                <Drift health={health} />
            </div>
        </>
    );
}
