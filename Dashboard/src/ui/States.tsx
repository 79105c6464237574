import type { ReactNode } from "react";
import type { Failure } from "../api/failure";
import type { Resource } from "../state/useResource";
import { Icon, IconName } from "./icons";

export function Empty({ title, children, icon = "empty" }: { title: string; children?: ReactNode; icon?: IconName }) {
    return (
        <div className="state">
            <Icon name={icon} size={22} />
            <strong>{title}</strong>
            {children !== undefined && <p>{children}</p>}
        </div>
    );
}

export function Failed({ failure, retry }: { failure: Failure; retry: () => void }) {
    return (
        <div className="state" role="alert">
            <Icon name="warning" size={22} />
            <strong>This could not be loaded</strong>
            <p>{failure.detail}{failure.isPassing && " It is tried again by itself."}</p>
            {failure.requestId !== null && <p className="mono">request {failure.requestId}</p>}
            <button type="button" className="button" data-size="small" onClick={retry}>Try again</button>
        </div>
    );
}

export function Skeleton({ height = 160 }: { height?: number }) {
    return <div className="skeleton" style={{ height }} role="status" aria-label="Loading" />;
}

interface LoadedProps<T> {
    of: Resource<T>;
    height?: number;
    /** The text where this server has no such part. */
    absent?: string;
    isEmpty?: (data: T) => boolean;
    empty?: ReactNode;
    children: (data: T) => ReactNode;
}

/** Data in each of its states: on the way, here, empty, failed, or not a part of this server. */
export function Loaded<T>({ of, height, absent, isEmpty, empty, children }: LoadedProps<T>) {
    if (of.data !== null) {
        return <>{isEmpty?.(of.data) === true ? empty ?? <Empty title="Nothing here yet" /> : children(of.data)}</>;
    }
    if (of.failure !== null) {
        return of.failure.isNotHere
            ? <Empty title="Not available here">{absent ?? "This server does not offer it."}</Empty>
            : <Failed failure={of.failure} retry={of.reload} />;
    }
    return <Skeleton {...(height === undefined ? {} : { height })} />;
}
