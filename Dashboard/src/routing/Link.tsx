import { AnchorHTMLAttributes, MouseEvent } from "react";
import { base } from "./base";
import { navigate } from "./navigation";

/** A link within the site: a real one for the browser's menus and other tabs, without a load for plain clicks. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
    const follow = (event: MouseEvent<HTMLAnchorElement>) => {
        onClick?.(event);
        if (event.defaultPrevented || event.button !== 0) return;
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        navigate(href);
    };
    return <a href={base + href} onClick={follow} {...rest} />;
}
