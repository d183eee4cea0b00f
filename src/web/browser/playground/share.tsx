/** The script given away: as a link, or as a golden scenario for test/scenarios. */

import { useRef, useState } from 'preact/hooks';

export interface ShareProps {
  /** The whole address with the script in its fragment. */
  readonly link: () => string;
  /** The scenario's text; takes a moment, because the script is played for its answers. */
  readonly scenario: () => string;
}

export function Share({ link, scenario }: ShareProps) {
  const [shared, setShared] = useState<{
    readonly kind: 'link' | 'scenario';
    readonly text: string;
  }>();
  const [copied, setCopied] = useState('');
  const area = useRef<HTMLTextAreaElement>(null);
  const show = (kind: 'link' | 'scenario'): void => {
    setCopied('');
    setShared({ kind, text: kind === 'link' ? link() : scenario() });
  };
  const copy = (): void => {
    area.current?.select();
    navigator.clipboard.writeText(shared?.text ?? '').then(
      () => setCopied('Copied.'),
      () => setCopied('This browser does not let a page copy: the text is selected, press Ctrl-C.'),
    );
  };
  return (
    <section class="pg-card pg-share" aria-labelledby="share-title">
      <h2 id="share-title">Keep what you clicked</h2>
      <p>
        <button type="button" onClick={() => show('link')}>
          Share as a link
        </button>
        <button type="button" onClick={() => show('scenario')}>
          Save as a golden scenario
        </button>
      </p>
      {shared && (
        <>
          <textarea
            ref={area}
            readOnly
            rows={shared.kind === 'link' ? 3 : 12}
            aria-label={shared.kind === 'link' ? 'Link' : 'Scenario'}
            value={shared.text}
          />
          <p>
            <button type="button" onClick={copy}>
              Copy
            </button>
            {shared.kind === 'scenario' && (
              <button type="button" onClick={() => download('scenario.txt', shared.text)}>
                Download scenario.txt
              </button>
            )}
            <span role="status">{copied}</span>
          </p>
          {shared.kind === 'scenario' && (
            <p>
              Put it into <code>test/scenarios</code> under a name that says what it shows: from
              then on <code>npm test</code> plays it, and it must answer the same.
            </p>
          )}
        </>
      )}
    </section>
  );
}

function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  a.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
