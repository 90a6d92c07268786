-- Translates a request into the event of payload 1.0 or 2.0, invokes the function and renders its result.
local cjson = require "cjson"

local translate = {}
local null = cjson.null
local account, api = "123456789012", "mm4dvr5019"

local function trace()
    local id = ngx.var.request_id
    return "Root=1-" .. string.format("%08x", ngx.time()) .. "-" .. id:sub(1, 24)
end

-- One value of a field or argument that came once or several times: the last one, or all with commas between.
local function last(value)
    return type(value) == "table" and value[#value] or value
end

local function joined(value)
    return type(value) == "table" and table.concat(value, ",") or value
end

local function list(value)
    return type(value) == "table" and value or { value }
end

-- The event of a REST API.
function translate.payload1()
    local variables, method, time = ngx.var, ngx.req.get_method(), ngx.now()
    local fields = ngx.req.get_headers(100, true)
    fields["X-Amzn-Trace-Id"] = trace()
    fields["X-Forwarded-For"] = variables.remote_addr
    fields["X-Forwarded-Port"] = variables.server_port
    fields["X-Forwarded-Proto"] = variables.scheme
    local headers, all_headers = {}, {}
    for name, value in pairs(fields) do
        headers[name] = last(value)
        all_headers[name] = list(value)
    end
    local arguments, all_arguments = null, null
    if variables.args then
        arguments, all_arguments = {}, {}
        for name, value in pairs(ngx.req.get_uri_args(100)) do
            arguments[name] = last(value)
            all_arguments[name] = list(value)
        end
    end
    return {
        resource = "/hello/{id}",
        path = variables.uri,
        httpMethod = method,
        headers = headers,
        multiValueHeaders = all_headers,
        queryStringParameters = arguments,
        multiValueQueryStringParameters = all_arguments,
        pathParameters = { id = variables.id },
        stageVariables = null,
        requestContext = {
            resourceId = "50j0ae",
            resourcePath = "/hello/{id}",
            httpMethod = method,
            extendedRequestId = variables.request_id:sub(1, 16),
            requestTime = variables.time_local,
            path = "/Prod" .. variables.uri,
            protocol = variables.server_protocol,
            stage = "Prod",
            requestTimeEpoch = time * 1000,
            requestId = variables.request_id,
            deploymentId = "local0",
            identity = {
                accessKey = null,
                accountId = null,
                caller = null,
                cognitoAuthenticationProvider = null,
                cognitoAuthenticationType = null,
                cognitoIdentityId = null,
                cognitoIdentityPoolId = null,
                principalOrgId = null,
                sourceIp = variables.remote_addr,
                user = null,
                userAgent = variables.http_user_agent,
                userArn = null,
            },
            domainName = variables.host,
            domainPrefix = variables.host,
            accountId = account,
            apiId = api,
        },
        body = ngx.req.get_body_data() or null,
        isBase64Encoded = false,
    }
end

-- The event of an HTTP API.
function translate.payload2()
    local variables, time = ngx.var, ngx.now()
    local headers = {}
    for name, value in pairs(ngx.req.get_headers(100)) do
        headers[name] = joined(value)
    end
    headers["x-amzn-trace-id"] = trace()
    headers["x-forwarded-for"] = variables.remote_addr
    headers["x-forwarded-port"] = variables.server_port
    headers["x-forwarded-proto"] = variables.scheme
    local arguments
    if variables.args then
        arguments = {}
        for name, value in pairs(ngx.req.get_uri_args(100)) do
            arguments[name] = joined(value)
        end
    end
    return {
        version = "2.0",
        routeKey = "GET /hello/{id}",
        rawPath = variables.uri,
        rawQueryString = variables.args or "",
        headers = headers,
        queryStringParameters = arguments,
        requestContext = {
            accountId = account,
            apiId = api,
            domainName = variables.host,
            domainPrefix = variables.host,
            http = {
                method = ngx.req.get_method(),
                path = variables.uri,
                protocol = variables.server_protocol,
                sourceIp = variables.remote_addr,
                userAgent = variables.http_user_agent,
            },
            requestId = variables.request_id,
            routeKey = "GET /hello/{id}",
            stage = "$default",
            time = variables.time_local,
            timeEpoch = time * 1000,
        },
        pathParameters = { id = variables.id },
        body = ngx.req.get_body_data(),
        isBase64Encoded = false,
    }
end

-- Answers the request with what the function says to the event.
function translate.serve(event)
    ngx.req.read_body()
    local answer = ngx.location.capture("/invoke", { method = ngx.HTTP_POST, body = cjson.encode(event()) })
    local is_json, result = pcall(cjson.decode, answer.body)
    if answer.status ~= 200 or not is_json or type(result) ~= "table" then
        return ngx.exit(502)
    end
    ngx.status = result.statusCode
    for name, value in pairs(result.headers or {}) do
        ngx.header[name] = value
    end
    for name, values in pairs(result.multiValueHeaders or {}) do
        ngx.header[name] = values
    end
    local body = result.body or ""
    if result.isBase64Encoded then
        body = ngx.decode_base64(body)
    end
    ngx.header["Content-Length"] = #body
    ngx.print(body)
end

return translate
