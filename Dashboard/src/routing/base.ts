/**
 * The path below which a proxy shows the server, without a slash at its end: where the page's script came from, less
 * its folder. Addresses within the dashboard are written without it; what the browser gets has it in front.
 */
export const base: string = baseOf(typeof document === "undefined"
    ? null : document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src ?? null);

export function baseOf(script: string | null): string {
    const end = script === null ? -1 : script.lastIndexOf("/assets/");
    return script === null || end < 0 ? "" : new URL(script.slice(0, end + 1)).pathname.replace(/\/+$/, "");
}

/** A path of the browser's as the dashboard writes it. */
export function withoutBase(path: string, from: string = base): string {
    if (from === "" || (path !== from && !path.startsWith(`${from}/`))) return path;
    return path.slice(from.length) || "/";
}
