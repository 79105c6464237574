// Does not compile where types.ts says something else of an answer than the server does.

import type { Answers } from "./answers";
import type * as Own from "./types";

type Is<Answer extends Type, Type> = Answer;

export type Checks = [
    Is<Answers["alert"], Own.CustomerCase>,
    Is<Answers["alertChanges"], Own.CaseHistory>,
    Is<Answers["alerts"], Own.CasePage>,
    Is<Answers["analytics"], Own.Analytics>,
    Is<Answers["customer"], Own.CustomerRecord>,
    Is<Answers["dashboardKPIs"], Own.Kpis>,
    Is<Answers["domain"], Own.Domain>,
    Is<Answers["eventHistory"][number], Own.StoredEvent>,
    Is<Answers["explanation"], Own.Explanation>,
    Is<Answers["me"], Own.Me>,
    Is<Answers["modelHealth"], Own.ModelHealth>,
    Is<Answers["models"], Own.Models>,
    Is<Answers["scoreChanges"]["items"][number], Own.ScoreChange>,
    Is<Answers["shapSummary"][number], Own.Importance>,
    Is<Answers["simulate"], Own.WhatIfAnswer>,
    Is<Answers["timeline"], Own.Timeline>,
    Is<Answers["topReasons"], Own.TopReasons>,
    Is<Answers["watchlist"], Own.Watchlist>,
];
