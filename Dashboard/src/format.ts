// Numbers and dates as the browser's locale writes them.

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat(undefined, { maximumFractionDigits: 2 });
const percentage = new Intl.NumberFormat(undefined,
    { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const tenth = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const wholePercentage = new Intl.NumberFormat(undefined, { style: "percent", maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const clockTime = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
const hourMinute = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const day = new Intl.DateTimeFormat(undefined, { month: "short", day: "numeric" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "short" });

export const nothing = "–";
type Maybe = number | null | undefined;
const known = (value: Maybe): value is number => typeof value === "number" && Number.isFinite(value);

export const count = (value: Maybe) => (known(value) ? whole.format(value) : nothing);
export const amount = (value: Maybe) => (known(value) ? decimal.format(value) : nothing);
export const short = (value: Maybe) => (known(value)
    ? (Math.abs(value) < 10_000 ? whole.format(value) : compact.format(value)) : nothing);
/** How amounts of money are written: by the domain's currency, else as plain numbers. */
export function moneyFormat(currency?: { code: string | null; symbol: string | null; decimals: number }) {
    const { code, symbol, decimals } = currency ?? { code: null, symbol: null, decimals: 2 };
    const style = code !== null && symbol === null ? { style: "currency" as const, currency: code } : {};
    const exact = new Intl.NumberFormat(undefined,
        { ...style, minimumFractionDigits: decimals, maximumFractionDigits: decimals });
    const rounded = new Intl.NumberFormat(undefined, { ...style, maximumFractionDigits: 0 });
    const small = new Intl.NumberFormat(undefined, { ...style, notation: "compact", maximumFractionDigits: 1 });
    const signed = (format: Intl.NumberFormat, value: number) => (symbol === null ? format.format(value)
        : `${value < 0 ? "−" : ""}${symbol}${format.format(Math.abs(value))}`);
    return {
        exact: (value: Maybe) => (known(value) ? signed(exact, value) : nothing),
        short: (value: Maybe) => (known(value)
            ? signed(Math.abs(value) < 10_000 ? rounded : small, value) : nothing),
    };
}
export const percent = (value: Maybe) => (known(value) ? percentage.format(value) : nothing);
/** A share on an axis. */
export const tick = (value: string | number) => wholePercentage.format(Number(value));
/** A difference of two shares, in percentage points, with its sign. */
export const points = (value: Maybe) => (known(value)
    ? `${value > 0 ? "+" : value < 0 ? "−" : ""}${tenth.format(Math.abs(value * 100))} pp` : nothing);
export const signed = (value: Maybe, digits = 2) =>
    (known(value) ? `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(digits)}` : nothing);

export function rate(value: number): string {
    return value >= 10 || value === 0 ? whole.format(Math.round(value)) : decimal.format(Math.round(value * 10) / 10);
}

/** A number with what it counts: "1 alert", "2 alerts". */
export const counted = (number: number, noun: string): string => `${count(number)} ${noun}${number === 1 ? "" : "s"}`;

export function duration(milliseconds: Maybe): [string, string] {
    if (!known(milliseconds)) return [nothing, ""];
    if (milliseconds < 10_000) return [whole.format(Math.round(milliseconds)), "ms"];
    return milliseconds < 600_000 ? [whole.format(milliseconds / 1000), "s"] : [whole.format(milliseconds / 60_000),
        "min"];
}

const instant = (text: string | number | null | undefined): Date | null => {
    if (text === null || text === undefined) return null;
    const date = new Date(text);
    return Number.isNaN(date.getTime()) ? null : date;
};
const dated = (format: Intl.DateTimeFormat) => (value: string | number | null | undefined) => {
    const date = instant(value);
    return date === null ? nothing : format.format(date);
};
export const dateTime = dated(dayAndTime);
export const clock = dated(clockTime);
export const hour = dated(hourMinute);
export const date = dated(day);

const steps: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60],
    ["second", 1]];

/** Returns how long ago something was. */
export function ago(value: string | number | null | undefined, now: number): string {
    const at = instant(value);
    if (at === null) return nothing;
    const seconds = (at.getTime() - now) / 1000;
    if (Math.abs(seconds) < 5) return "just now";
    for (const [unit, length] of steps) {
        if (Math.abs(seconds) >= length) return relative.format(Math.trunc(seconds / length), unit);
    }
    return "just now";
}

/** An identifier as text: `contract_downgrade` becomes "Contract downgrade", `MonthlyCharges` "Monthly charges". */
export function words(identifier: unknown): string {
    const spaced = String(identifier ?? "")
        .replace(/[_-]+/g, " ")
        .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
        .trim();
    const parts = spaced.split(/\s+/).map((word) => (/^[A-Z0-9]{2,3}$/.test(word) ? word : word.toLowerCase()));
    const text = parts.join(" ");
    return text.charAt(0).toUpperCase() + text.slice(1);
}

/** A feature's value for people. */
export function shown(value: unknown): string {
    if (value === null || value === undefined || value === "") return nothing;
    if (typeof value === "number") return decimal.format(value);
    if (typeof value === "boolean") return value ? "Yes" : "No";
    return String(value);
}
