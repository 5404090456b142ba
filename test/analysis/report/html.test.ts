import { describe, expect, it } from 'vitest';
import { html } from '../../../analysis/report/html.js';

describe('html', () => {
  it('shows whatever is put in as text, in elements and in attributes', () => {
    const hostile = `"><script>alert('x')</script>`;
    const { text } = html`<p title="${hostile}">${hostile}</p>`;
    expect(text).not.toContain('<script');
    expect(text.match(/"/g)).toHaveLength(2);
  });

  it('keeps HTML that is HTML already, and joins lists', () => {
    const items = ['a', '<b>'].map((item) => html`<i>${item}</i>`);
    expect(html`<p>${items}${1}</p>`.text).toBe('<p><i>a</i><i>&#60;b&#62;</i>1</p>');
  });
});
