// The adapter's manifest. `describe` in wit/source.wit explains every key.
export default {
  name: 'example-board',
  version: '0.1.0',
  description: 'Companies that recruit with Example. The identifier is the company\'s name there: `acme` in jobs.example/acme.',
  homepage: 'https://jobs.example',
  license: 'MIT OR Apache-2.0',
  hosts: [
    {
      pattern: 'api.jobs.example',
      reason: 'the board\'s public API, read without credentials',
      rate: 4,
    },
  ],
  options: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    additionalProperties: false,
    properties: {
      department: {
        type: 'string',
        minLength: 1,
        examples: ['Kitchen'],
        description: 'Only the jobs of this department, in the board\'s own words.',
      },
      base_url: {
        type: 'string',
        pattern: '^https?://[^/?#]+(/[^?#]*)?$',
        default: 'https://api.jobs.example',
        examples: ['http://127.0.0.1:8080'],
        description: 'Another server with the same API, such as a test server: scheme and host, optionally a path. Its host must be listed in the source\'s allow_hosts.',
      },
    },
  },
};
