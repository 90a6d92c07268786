// Answers every method on /hello with a header of its own.
exports.handler = async (event) => {
  console.log(`${event.httpMethod} ${event.path}`);
  return {
    statusCode: 200,
    headers: { "x-custom-header": "my custom header value" },
    body: "hello world",
  };
};
