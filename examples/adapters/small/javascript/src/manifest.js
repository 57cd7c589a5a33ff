// The adapter's manifest. `describe` in wit/source.wit explains every key.
export default {
  name: 'example-board',
  version: '0.1.0',
  description: 'Companies that recruit with Example. The identifier is the company\'s name there: `acme` in jobs.example/acme.',
  homepage: 'https://jobs.example',
  license: 'MIT OR Apache-2.0',
  hosts: [{ pattern: 'api.jobs.example', reason: 'the board\'s public API, read without credentials' }],
  options: { type: 'object', additionalProperties: false, properties: {} },
};
