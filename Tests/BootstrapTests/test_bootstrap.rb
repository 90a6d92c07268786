# Holds bootstrap.rb to what Lambda's Ruby runtime does, over a Runtime API of its own.
# frozen_string_literal: true

require 'json'
require 'minitest/autorun'
require 'open3'
require 'socket'
require 'tmpdir'

# A Runtime API that hands out the given events, one after the other, and remembers what is posted.
class FakeRuntimeAPI
  Request = Struct.new(:method, :path, :headers, :body)

  attr_reader :posted, :port, :connections

  def initialize(events)
    @events = events
    @posted = []
    @connections = 0
    @server = TCPServer.new('127.0.0.1', 0)
    @port = @server.addr[1]
    @thread = Thread.new { accept }
  end

  def stop
    @thread.kill
    @server.close
  end

  private

  def accept
    loop do
      socket = @server.accept
      @connections += 1
      while (request = read(socket)) && answer(socket, request); end
      socket.close
    end
  end

  def read(socket)
    first = socket.gets("\r\n") or return
    method, path, = first.split(' ')
    headers = {}
    until (field = socket.gets("\r\n").chomp("\r\n")).empty?
      name, value = field.split(': ', 2)
      headers[name.downcase] = value
    end
    Request.new(method, path, headers, socket.read(headers.fetch('content-length', 0).to_i))
  end

  # Whether there is more to do: without an event left, the connection is closed and the bootstrap ends.
  def answer(socket, request)
    if request.method == 'GET'
      event = @events.shift or return false
      id = "id-#{event.object_id}"
      fields = { 'Content-Type' => 'application/json', 'Lambda-Runtime-Aws-Request-Id' => id,
                 'lambda-runtime-deadline-ms' => '99999999999999', 'Lambda-Runtime-Trace-Id' => 'Root=1-2-3' }
      send(socket, '200 OK', event, fields)
    else
      @posted << request
      send(socket, '202 Accepted', '{"status":"OK"}')
    end
    true
  end

  def send(socket, status, body, fields = {})
    lines = fields.merge('Content-Length' => body.bytesize).map { |name, value| "#{name}: #{value}\r\n" }
    socket.write("HTTP/1.1 #{status}\r\n#{lines.join}\r\n#{body}")
  end
end

class BootstrapTest < Minitest::Test
  BOOTSTRAP = File.expand_path('../../Sources/Host/Bootstraps/bootstrap.rb', __dir__)

  # What a run of the bootstrap has come to.
  Run = Struct.new(:posted, :output, :status, :connections) do
    def body(index = 0)
      JSON.parse(posted[index].body, quirks_mode: true)
    end
  end

  def run_handler(code, events = ['{}'], handler: 'app.handler', file: 'app.rb', environment: {})
    Dir.mktmpdir do |folder|
      File.write(File.join(folder, file), code)
      api = FakeRuntimeAPI.new(events.dup)
      variables = {
        'AWS_LAMBDA_RUNTIME_API' => "127.0.0.1:#{api.port}", 'LAMBDA_TASK_ROOT' => folder, '_HANDLER' => handler,
        'AWS_LAMBDA_FUNCTION_NAME' => 'Shop', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE' => '128',
      }.merge(environment)
      output, status = Open3.capture2e(variables, RbConfig.ruby, BOOTSTRAP, chdir: folder)
      api.stop
      Run.new(api.posted, output, status, api.connections)
    end
  end

  def test_events_go_in_and_results_come_out_over_one_connection
    run = run_handler('def handler(event:, context:) = { twice: event["n"] * 2 }', ['{"n":2}', '{"n":4}'])
    assert_equal([{ 'twice' => 4 }, { 'twice' => 8 }], [run.body(0), run.body(1)])
    assert_equal(2, run.posted.map(&:path).uniq.size)
    assert(run.posted.all? { |request| request.path.match?(%r{\A/2018-06-01/runtime/invocation/id-\d+/response\z}) })
    assert_equal(1, run.connections)
  end

  def test_the_context_says_what_lambda_says
    run = run_handler(<<~RUBY)
      def handler(event:, context:)
        { id: context.aws_request_id, name: context.function_name, memory: context.memory_limit_in_mb,
          left: context.get_remaining_time_in_millis, deadline: context.deadline_ms, client: context.client_context,
          trace: ENV['_X_AMZN_TRACE_ID'], class: context.class }
      end
    RUBY
    body = run.body
    assert_includes(run.posted.first.path, body['id'])
    assert_equal(['Shop', '128', nil, 'Root=1-2-3', 'LambdaContext'],
                 body.values_at('name', 'memory', 'client', 'trace', 'class'))
    assert_equal(99_999_999_999_999, body['deadline'])
    assert_operator(body['left'], :>, 1_000_000)
  end

  def test_an_error_of_the_function_is_reported_and_survived
    run = run_handler("class Odd < StandardError; end\ndef handler(event:, context:) = raise(Odd, 'no')", %w[{} {}])
    assert_equal(2, run.posted.size)
    body = run.body
    assert_equal(['Function<Odd>', 'no'], body.values_at('errorType', 'errorMessage'))
    assert_equal(1, body['stackTrace'].size)
    assert_match(/app\.rb:2:in/, body['stackTrace'].first)
    assert(run.posted.first.path.end_with?('/error'))
    assert_equal('Function<UserException>', run.posted.first.headers['lambda-runtime-function-error-type'])
  end

  def test_what_is_no_standard_error_ends_the_process
    ["nowhere", "nil.nothing", "exit", "def deep = deep()\n  deep"].each do |line|
      run = run_handler("def handler(event:, context:)\n  #{line}\nend", %w[{} {}])
      assert_equal(1, run.posted.size, line)
      assert_equal(255, run.status.exitstatus, line)
      assert_match(/\AFunction<\w+>\z/, run.posted.first.headers['lambda-runtime-function-error-type'])
    end
  end

  def test_a_name_that_is_not_there_is_said_without_a_line_of_source
    ['', "def handler(event:, context:)\n  Strin\nend"].each do |code|
      message = run_handler(code, %w[{}]).body['errorMessage']
      assert_match(/\Aun/, message)
      assert_equal(1, message.lines.size, message)
    end
  end

  def test_errors_while_loading_are_errors_of_init
    { 'def (' => 'Init<SyntaxError>', "require 'no/such'" => 'Init<LoadError>', "raise 'x'" => 'Init<RuntimeError>',
      'exit' => 'Init<SystemExit>' }.each do |code, type|
      run = run_handler(code)
      assert_equal('/2018-06-01/runtime/init/error', run.posted.first.path, code)
      assert_equal(type, run.body['errorType'])
      assert_equal(252, run.status.exitstatus)
    end
  end

  def test_handlers_may_be_methods_of_classes
    code = "module Shop\n  class Orders\n    def self.list(event:, context:) = 'listed'\n  end\nend"
    assert_equal('listed', run_handler(code, handler: 'app.Shop::Orders.list').body)
  end

  def test_a_handler_of_another_form_is_refused
    run = run_handler('', handler: 'app')
    assert_equal('Init<ArgumentError>', run.body['errorType'])
    assert_includes(run.body['errorMessage'], 'must be of form FILENAME.METHOD')
  end

  def test_a_file_may_have_the_name_of_a_library
    run = run_handler('def handler(event:, context:) = 7', file: 'json.rb', handler: 'json.handler')
    assert_equal(7, run.body)
  end

  def test_what_a_function_defines_at_its_top_level_does_not_reach_the_bootstrap
    names = %w[call load answer wait invoke serve post line receive]
    run = run_handler("#{names.map { |name| "def #{name}(*) = raise('taken')" }.join("\n")}
      def handler(event:, context:) = 'safe'", %w[{} {}])
    assert_equal(%w[safe safe], [run.body(0), run.body(1)])
  end

  def test_streams_are_answers_of_their_own_type
    run = run_handler("require 'stringio'\ndef handler(event:, context:) = StringIO.new('raw')")
    assert_equal(['raw', 'application/unknown'], [run.posted.first.body, run.posted.first.headers['content-type']])
  end

  def test_text_is_utf8_whatever_the_locale
    run = run_handler('def handler(event:, context:) = event["t"] + File.read(__FILE__)[/.\z/] # é', ['{"t":"ü"}'],
                      environment: { 'LANG' => 'C', 'LC_ALL' => 'C' })
    assert_equal('üé', run.body)
  end

  def test_results_that_are_no_json_are_errors_of_the_function
    run = run_handler('def handler(event:, context:) = "\xff".b', %w[{}])
    assert(run.posted.first.path.end_with?('/error'))
    assert_match(/\AFunction<.*GeneratorError>\z/, run.body['errorType'])
  end

  def test_output_comes_at_once_and_errors_are_said
    run = run_handler("def handler(event:, context:)\n  puts 'before'\n  raise 'after'\nend")
    assert_operator(run.output.index('before'), :<, run.output.index('after'))
    assert_includes(run.output, 'Error raised from handler method')
  end
end
