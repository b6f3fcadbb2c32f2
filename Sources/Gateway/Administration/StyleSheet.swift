import Crypto
import Foundation

/// The look of the pages: one string, allowed by its hash and by nothing else (CSP Level 3, `style-src`).
///
/// Colours have a contrast of 4.5 and more in light and dark (WCAG 2.2 AA). No rule names an address: nothing is loaded.
enum StyleSheet {
    /// `'sha256-...'` as Content-Security-Policy takes it.
    static let source = "'sha256-\(Data(SHA256.hash(data: Array(text.utf8))).base64EncodedString())'"

    static let text = palette + layout + content + forms + narrow

    private static let palette = """
        :root{color-scheme:light dark;--page:#f4f6f9;--card:#fff;--text:#17212e;--muted:#526071;--line:#dbe1e8;--soft:#eef1f5;
        --link:#0b57c2;--button:#0b57c2;--on-button:#fff;--good:#0b6b3a;--on-good:#e2f5ea;--bad:#b01f24;--on-bad:#fdeaea;
        --warn:#7d4e00;--on-warn:#fff3d6;--shadow:0 1px 2px rgb(23 33 46/.06),0 2px 8px rgb(23 33 46/.05)}
        @media (prefers-color-scheme:dark){:root{--page:#0e1319;--card:#171e27;--text:#e4eaf1;--muted:#9dadbe;--line:#2b3642;
        --soft:#1f2833;--link:#7fb6ff;--button:#2f74d8;--on-button:#fff;--good:#6bd69a;--on-good:#12301f;--bad:#ff9d97;
        --on-bad:#3b1716;--warn:#f2c26c;--on-warn:#382908;--shadow:none}}

        """

    private static let layout = """
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--text);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
        .wide{max-width:68rem;margin:0 auto;padding:0 1.25rem}
        .top{background:var(--card);border-bottom:1px solid var(--line)}
        .top .wide{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.5rem;min-height:3.5rem}
        .brand{font-weight:650;margin:0}
        nav ul{display:flex;flex-wrap:wrap;gap:0 1rem;list-style:none;margin:0;padding:0}
        nav a{display:inline-block;padding:.35rem 0;text-decoration:none}
        nav a:hover{text-decoration:underline}
        main.wide{padding-top:1.75rem;padding-bottom:1rem}
        main:focus{outline:none}
        section{background:var(--card);border:1px solid var(--line);border-radius:.75rem;box-shadow:var(--shadow);
        padding:1.25rem 1.5rem;margin:1.25rem 0;scroll-margin-top:1rem}
        .hero{display:flex;flex-wrap:wrap;align-items:center;gap:.5rem 1rem;margin:0 0 .25rem}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.75rem;margin:1.25rem 0}
        .tiles div{background:var(--card);border:1px solid var(--line);border-radius:.75rem;box-shadow:var(--shadow);padding:.85rem 1rem}
        .tiles dt{color:var(--muted);font-size:.875rem}
        .tiles dd{margin:0;font-size:1.375rem;font-weight:650;line-height:1.3;font-variant-numeric:tabular-nums}
        footer{color:var(--muted);font-size:.875rem;padding-bottom:2rem}
        .skip{position:absolute;left:1rem;top:-4rem;background:var(--button);color:var(--on-button);padding:.5rem 1rem;border-radius:.5rem}
        .skip:focus{top:.5rem}
        a{color:var(--link)}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:.25rem}

        """

    private static let content = """
        h1{font-size:1.75rem;line-height:1.2;margin:0;letter-spacing:-.01em}
        h2{font-size:1.125rem;margin:0 0 .75rem}
        h3{font-size:1rem;margin:1.25rem 0 .5rem}
        p{margin:.5rem 0}
        .muted,caption,.hint{color:var(--muted)}
        code,pre,textarea{font:.875em/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}
        code{unicode-bidi:isolate}
        pre{background:var(--soft);border-radius:.5rem;padding:.75rem 1rem;margin:.5rem 0;white-space:pre-wrap}
        .badge{display:inline-block;border-radius:1rem;padding:.05rem .65rem;font-size:.8125rem;font-weight:600;white-space:nowrap;
        background:var(--soft);color:var(--muted)}
        .good{background:var(--on-good);color:var(--good)}
        .bad{background:var(--on-bad);color:var(--bad)}
        .warn{background:var(--on-warn);color:var(--warn)}
        .hero .badge{font-size:.9375rem;padding:.2rem .9rem}
        .notes{list-style:none;margin:1rem 0;padding:0;display:grid;gap:.5rem}
        .notes:last-child{margin-bottom:0}
        .notice{margin:1rem 0}
        .notes li,.notice{border-radius:.5rem;padding:.65rem 1rem;border-left:4px solid currentcolor}
        .notes ul{padding-left:1.1rem;margin:.25rem 0 0}
        .notes ul li{padding:0;border:0}
        .facts{display:grid;grid-template-columns:minmax(8rem,max-content) 1fr;gap:.35rem 1.25rem;margin:.5rem 0}
        .facts dt{color:var(--muted)}
        .facts dd{margin:0;min-width:0}
        table{border-collapse:collapse;width:100%;margin:.75rem 0 0;font-variant-numeric:tabular-nums}
        caption{text-align:left;font-size:.875rem;padding-bottom:.35rem}
        th,td{text-align:left;vertical-align:top;padding:.6rem 1.25rem .6rem 0;border-top:1px solid var(--line);overflow-wrap:break-word}
        td code,.hint{overflow-wrap:anywhere}
        th:last-child,td:last-child{padding-right:0}
        thead th{border-top:0;color:var(--muted);font-size:.8125rem;font-weight:600}
        tbody th{font-weight:600;min-width:9.5rem}
        th code{font-weight:600}
        th .hint{font-weight:400}
        td>.hint,th>.hint{margin:0}
        .number{text-align:right}
        .findings{list-style:none;margin:0;padding:0}
        .findings>li{border-top:1px solid var(--line);padding:.75rem 0}
        .findings>li:first-child{border-top:0}
        .findings p{margin:0}
        details{margin:.75rem 0}
        summary{cursor:pointer;color:var(--link);width:fit-content}

        """

    private static let forms = """
        form{display:grid;gap:1.25rem}
        form p{margin:0}
        form details{margin:0}
        form details>div{margin-top:.75rem}
        fieldset>div{display:flex;flex-direction:column}
        fieldset>.whole{grid-column:1/-1}
        fieldset input,fieldset select{margin-top:auto}
        fieldset{border:0;margin:0;padding:0;display:grid;gap:1rem;grid-template-columns:repeat(auto-fit,minmax(min(100%,16rem),1fr))}
        legend{padding:0;font-weight:600;margin-bottom:.5rem}
        label{display:block;font-weight:600;font-size:.9375rem;margin-bottom:.25rem}
        .hint{font-size:.875rem}
        form .hint{margin:0 0 .35rem}
        input,select,textarea{width:100%;min-height:2.5rem;padding:.45rem .65rem;color:var(--text);background:var(--card);
        border:1px solid #7b8794;border-radius:.5rem}
        input,select{font:inherit}
        button{justify-self:start;min-height:2.75rem;padding:.5rem 1.5rem;border:0;border-radius:.5rem;font:inherit;font-weight:650;
        background:var(--button);color:var(--on-button);cursor:pointer}
        button:hover{filter:brightness(1.08)}

        """

    /// Below 640 px a table's rows become cards whose cells carry the names of their columns.
    private static let narrow = """
        @media (max-width:40rem){
        .wide{padding:0 1rem}section{padding:1rem}h1{font-size:1.5rem}
        .tiles{grid-template-columns:1fr 1fr}.tiles dd{font-size:1.125rem}
        .facts{grid-template-columns:1fr;gap:0}.facts dt{font-size:.8125rem}.facts dd{margin-bottom:.5rem}
        table,tbody,tr,th,td,caption{display:block}
        thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        tr{border-top:1px solid var(--line);padding:.75rem 0}
        tbody th,td{border:0;padding:0}
        td{margin-top:.4rem}
        td.number{text-align:left}
        td::before{content:attr(data-label);display:block;color:var(--muted);font-size:.8125rem;line-height:1.3}
        button{justify-self:stretch}}
        @media print{nav,.skip,#explain{display:none}section{box-shadow:none}}
        """
}
