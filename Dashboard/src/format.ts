// Numbers and dates in English, whatever the browser's language: the page's texts are English, and half of a language
// misleads. No other file makes a format; a test holds that.

const locale = "en";
const number = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);
const time = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { hourCycle: "h23", ...options });

const whole = number({ maximumFractionDigits: 0 });
const decimal = number({ maximumFractionDigits: 2 });
const percentage = number({ style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });
const thousandth = number({ minimumFractionDigits: 3, maximumFractionDigits: 3 });
const tenth = number({ minimumFractionDigits: 1, maximumFractionDigits: 1 });
const wholePercentage = number({ style: "percent", maximumFractionDigits: 0 });
const compact = number({ notation: "compact", maximumFractionDigits: 1 });
const dayAndTime = time({ year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" });
const clockTime = time({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
const hourMinute = time({ hour: "2-digit", minute: "2-digit" });
const day = time({ month: "short", day: "numeric" });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });

export const nothing = "–";
type Maybe = number | null | undefined;
const known = (value: Maybe): value is number => typeof value === "number" && Number.isFinite(value);

export const count = (value: Maybe) => (known(value) ? whole.format(value) : nothing);
export const amount = (value: Maybe) => (known(value) ? decimal.format(value) : nothing);
/** A measure of quality or of an effect, always with three decimals. */
export const precise = (value: Maybe) => (known(value) ? thousandth.format(value) : nothing);
export const short = (value: Maybe) => (known(value)
    ? (Math.abs(value) < 10_000 ? whole.format(value) : compact.format(value)) : nothing);
export const percent = (value: Maybe) => (known(value) ? percentage.format(value) : nothing);
/** How the domain shows amounts of money. */
export interface Currency {
    /** The code of ISO 4217, such as EUR. */
    code: string | null;
    /** The sign before an amount, where it is not that of the code. */
    symbol: string | null;
    decimals: number;
}

const unnamed: Currency = { code: null, symbol: null, decimals: 2 };
const amounts = new Map<string, Intl.NumberFormat>();

/** The format of amounts in a currency: always with the same decimals, or in few characters. */
function amountFormat({ code, symbol, decimals }: Currency, isShort: boolean): Intl.NumberFormat {
    const key = `${code} ${symbol} ${decimals} ${isShort}`;
    const known = amounts.get(key);
    if (known !== undefined) return known;
    const digits: Intl.NumberFormatOptions = isShort ? { notation: "compact", maximumFractionDigits: 1 }
        : { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
    let format: Intl.NumberFormat;
    try {
        format = number(code !== null && symbol === null
            ? { ...digits, style: "currency", currency: code, currencyDisplay: "narrowSymbol" } : digits);
    } catch {
        format = number(digits); // The code is none that the browser knows.
    }
    amounts.set(key, format);
    return format;
}

function inCurrency(value: number, currency: Currency, isShort: boolean): string {
    const isLarge = Math.abs(value) >= 10_000;
    const shown = isShort && !isLarge ? { ...currency, decimals: 0 } : currency;
    const text = amountFormat(shown, isShort && isLarge).format(Math.abs(value));
    return `${value < 0 ? "−" : ""}${currency.symbol ?? ""}${text}`;
}

/** An amount of money. */
export const money = (value: Maybe, currency: Currency = unnamed): string =>
    (known(value) ? inCurrency(value, currency, false) : nothing);

/** An amount of money in few characters, for cards and sentences. */
export const shortMoney = (value: Maybe, currency: Currency = unnamed): string =>
    (known(value) ? inCurrency(value, currency, true) : nothing);

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

/** The name of a person or program: the server writes how it signed in before it, which people need not read. */
export const person = (name: string): string => name.replace(/^(key|user):(?=.)/, "");

/** A feature's value for people. */
export function shown(value: unknown): string {
    if (value === null || value === undefined || value === "") return nothing;
    if (typeof value === "number") return decimal.format(value);
    if (typeof value === "boolean") return value ? "Yes" : "No";
    return String(value);
}
