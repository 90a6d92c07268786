// A manifest that has every member that manifests can have.

import Foundation
import JSON
import Manifest
import Support
import Testing

enum RichManifest {
    static let json = (try? JSONParser.parse(Array(text.utf8))) ?? .null

    /// Every value of it by its path, the root first.
    static let places: [JSONPath] = JSONPath.all(in: json)

    /// The names of all members that the schema of manifests describes.
    static func schemaMembers() throws -> Set<String> {
        let file = Golden.root.appending(path: "config/manifest.schema.json")
        let schema = try JSONParser.parse(Array(try Data(contentsOf: file)))
        var names: Set<String> = []
        func walk(_ value: JSONValue, _ definition: String) {
            for (name, member) in value["properties"]?.object?.members ?? [] {
                names.insert("\(definition)/\(name)")
                walk(member, name)
            }
            if let below = value["additionalProperties"], below.object != nil { walk(below, definition) }
        }
        for (name, definition) in schema["$defs"]?.object?.members ?? [] { walk(definition, name) }
        return names
    }

    private static let text = """
        {
          "manifest": 1,
          "apis": {
            "Admin": {
              "kind": "rest",
              "stage": "Prod",
              "stageVariables": {"level": "debug", "table": "orders"},
              "domains": {"admin.example.com": {"basePaths": ["v1", "v2"], "mutualTls": true}},
              "defaultEndpoint": false,
              "cors": {
                "allowOrigins": ["https://example.com"], "allowMethods": ["GET", "POST"],
                "allowHeaders": ["x-trace"], "exposeHeaders": ["x-total"], "maxAgeSeconds": 600,
                "allowCredentials": true, "preflightAuth": "Staff", "preflightApiKeyRequired": true
              },
              "binaryTypes": ["image/png", "image/webp"],
              "minimumCompressionBytes": 1024,
              "policy": {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "execute-api:Invoke"}]},
              "apiKeySource": "authorizer",
              "authorizers": {
                "Pool": {
                  "kind": "cognito", "identitySources": ["method.request.header.x-pool"],
                  "userPools": ["arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_a"]
                },
                "Staff": {
                  "kind": "lambda", "function": "Doorman", "input": "token",
                  "identitySources": ["method.request.header.x-staff"],
                  "validationExpression": "^Bearer .*$", "cacheSeconds": 120
                }
              },
              "models": {"Order": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}},
              "gatewayResponses": {
                "UNAUTHORIZED": {
                  "statusCode": 403,
                  "parameters": {"gatewayresponse.header.x-reason": "'denied'"},
                  "templates": {"application/json": "{\\"message\\": $context.error.messageString}"}
                }
              },
              "throttle": {"requestsPerSecond": 50, "burst": 100},
              "canary": {"percent": 12.5, "stageVariables": {"level": "trace"}},
              "accessLogFormat": "$context.requestId $context.status",
              "routes": {
                "GET /orders": {"function": "Orders", "auth": "Pool", "scopes": ["orders/read", "orders/write"]},
                "POST /orders": {
                  "function": "Orders", "streamed": true, "auth": "Staff", "apiKeyRequired": true,
                  "validation": {
                    "requiredParameters": ["method.request.querystring.page"], "models": {"application/json": "Order"}
                  },
                  "throttle": {"requestsPerSecond": 5, "burst": 10}, "timeoutMilliseconds": 5000,
                  "operationName": "createOrder"
                },
                "GET /orders/{id}": {
                  "integration": {
                    "type": "http", "url": "https://backend.example.com/orders/{id}", "method": "GET",
                    "private": true, "parameters": {"integration.request.path.id": "method.request.path.id"},
                    "templates": {"application/json": "{}"}, "passthrough": "NEVER",
                    "contentHandling": "CONVERT_TO_TEXT",
                    "responses": {
                      "default": {
                        "statusCode": "200",
                        "parameters": {"method.response.header.Location": "integration.response.header.Location"},
                        "templates": {"application/json": "$input.body"}, "contentHandling": "CONVERT_TO_BINARY"
                      }
                    }
                  },
                  "auth": "none"
                },
                "PUT /orders/{id}": {
                  "integration": {"type": "aws", "service": "sqs:action/SendMessage", "method": "POST"}, "auth": "none"
                },
                "DELETE /orders/{id}": {"integration": {"type": "aws", "function": "Orders"}, "auth": "none"},
                "ANY /{proxy+}": {"function": "Doorman", "auth": "Staff"}
              }
            },
            "Chat": {
              "kind": "websocket", "stage": "live", "routeSelection": "$request.body.action",
              "routes": {
                "$connect": {"function": "Doorman", "auth": "none"}, "send": {"function": "Orders", "auth": "none"},
                "$default": {"function": "Orders", "auth": "none"}
              }
            },
            "Shop": {
              "kind": "http",
              "stage": "$default",
              "authorizers": {
                "Door": {
                  "kind": "lambda", "function": "Doorman", "payload": "2.0", "simpleResponses": true,
                  "identitySources": ["$request.header.x-door"], "cacheSeconds": 60
                },
                "Login": {
                  "kind": "jwt", "identitySources": ["$request.header.x-login"],
                  "issuer": "https://issuer.example.com/", "audiences": ["shop", "shop-admin"]
                }
              },
              "routes": {
                "GET /pets": {"function": "Orders", "payload": "1.0", "auth": "none"},
                "GET /pets/{id}": {
                  "function": "Orders", "requestParameters": {"overwrite:path": "$request.path"},
                  "responseParameters": {"200": {"append:header.x-from": "shop"}}, "auth": "Login",
                  "scopes": ["pets:read"]
                },
                "$default": {"function": "Doorman", "auth": "Door"}
              }
            },
            "Url": {"kind": "function-url", "stage": "$default", "routes": {"$default": {"function": "Orders", "auth": "none"}}}
          },
          "functions": {
            "Doorman": {
              "image": {
                "uri": "registry.example.com/doorman:7", "command": ["door.handler"],
                "entryPoint": ["/lambda-entrypoint.sh"], "workingDirectory": "/srv"
              },
              "endpoint": {"protocol": "rie", "url": "https://doorman.internal.example.com:8443/base"}
            },
            "Hello": {
              "runtime": "python3.12", "handler": "index.handler",
              "inlineCode": "def handler(event, context):\\n    return 'hello'\\n"
            },
            "Orders": {
              "name": "shop-orders", "runtime": "python3.12", "handler": "orders.handler", "code": "src/orders",
              "layers": ["layers/common", "arn:aws:lambda:eu-west-1:123456789012:layer:tracing:7"],
              "architecture": "arm64", "endpoint": {"protocol": "http", "url": "http://127.0.0.1:8080"},
              "timeoutSeconds": 9, "memoryMegabytes": 512, "ephemeralStorageMegabytes": 1024,
              "reservedConcurrency": 7,
              "environment": {"DB_PASSWORD": {"secret": "env.json"}, "TABLE_NAME": "orders"}
            }
          },
          "apiKeys": {
            "Acme": {"name": "acme", "enabled": false, "value": {"secret": "NoEcho parameter 'Key'"}},
            "Zenith": {"name": "zenith", "value": {"secret": "NoEcho parameter 'Other'"}}
          },
          "usagePlans": {
            "Gold": {
              "apis": {"Admin": {"GET /orders": {"requestsPerSecond": 2, "burst": 4}}},
              "throttle": {"requestsPerSecond": 20, "burst": 40},
              "quota": {"requests": 1000, "period": "WEEK", "offset": 3}, "keys": ["Acme", "Zenith"]
            }
          }
        }
        """
}

/// The way to a value within another: names of members and positions of elements.
struct JSONPath: Hashable, Sendable, CustomTestStringConvertible {
    enum Step: Hashable, Sendable {
        case member(String)
        case element(Int)
    }

    var steps: [Step] = []

    var testDescription: String { description }

    var description: String {
        steps.map { step in
            switch step {
            case .member(let name): "/\(name)"
            case .element(let position): "/\(position)"
            }
        }.joined()
    }

    /// The ways to a value and to all that it holds.
    static func all(in value: JSONValue, from path: JSONPath = JSONPath()) -> [JSONPath] {
        func below(_ step: Step, _ value: JSONValue) -> [JSONPath] {
            all(in: value, from: JSONPath(steps: path.steps + [step]))
        }
        let own =
            switch value {
            case .object(let object): object.members.flatMap { below(.member($0.key), $0.value) }
            case .array(let elements): elements.enumerated().flatMap { below(.element($0.offset), $0.element) }
            default: [JSONPath]()
            }
        return [path] + own
    }

    /// The value there; nil where there is none.
    func value(in root: JSONValue) -> JSONValue? {
        steps.reduce(root as JSONValue?) { value, step in
            switch step {
            case .member(let name): value?[name]
            case .element(let position):
                value?.array.flatMap { $0.indices.contains(position) ? $0[position] : nil }
            }
        }
    }

    /// The value with another there; nil takes it away.
    func replacing(in root: JSONValue, by value: JSONValue?) -> JSONValue {
        guard let step = steps.first else { return value ?? .null }
        let rest = JSONPath(steps: Array(steps.dropFirst()))
        switch (step, root) {
        case (.member(let name), .object(var object)):
            let inner = rest.steps.isEmpty ? value : object[name].map { rest.replacing(in: $0, by: value) }
            object[name] = inner
            return .object(object)
        case (.element(let position), .array(var elements)) where elements.indices.contains(position):
            if rest.steps.isEmpty && value == nil {
                elements.remove(at: position)
            } else {
                elements[position] = rest.replacing(in: elements[position], by: value)
            }
            return .array(elements)
        default: return root
        }
    }
}
