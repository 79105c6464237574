import type { ModelHealth, Models } from "../../api/types";
import { Resource, useResource } from "../../state/useResource";

export interface Health {
    health: Resource<ModelHealth>;
    models: Resource<Models>;
}

export function useModelHealth(): Health {
    return { health: useResource<ModelHealth>("/api/model-health"), models: useResource<Models>("/api/models") };
}
