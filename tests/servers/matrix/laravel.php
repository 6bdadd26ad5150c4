<?php
// An app of Laravel's own parts, as Debian has them, for pages with a session in a cookie: encrypted cookies, the session, VerifyCsrfToken,
// the guard of the session, and the addresses that Sanctum and Breeze's API have. `php laravel.php` makes its database; `php -S` serves it.

use Illuminate\Auth\Middleware\Authenticate;
use Illuminate\Contracts\Http\Kernel as KernelContract;
use Illuminate\Cookie\Middleware\AddQueuedCookiesToResponse;
use Illuminate\Cookie\Middleware\EncryptCookies;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Exceptions\Handler;
use Illuminate\Foundation\Http\Kernel;
use Illuminate\Foundation\Http\Middleware\VerifyCsrfToken;
use Illuminate\Http\Request;
use Illuminate\Session\Middleware\StartSession;
use Illuminate\Validation\ValidationException;

require_once 'Illuminate/autoload.php';

$data = getenv('DATA_DIR');
$database = "$data/laravel.sqlite";

if (PHP_SAPI === 'cli') {
    foreach (['sessions', 'lang/en', 'logs', 'storage/framework/views', 'bootstrap/cache'] as $folder) {
        mkdir("$data/$folder", 0777, true);
    }
    // Those of Laravel's skeleton, which Debian does not have.
    file_put_contents("$data/lang/en/validation.php", '<?php return ["required" => "The :attribute field is required."];');
    $pdo = new PDO("sqlite:$database");
    $pdo->exec('create table users (id integer primary key, email text, password text, remember_token text)');
    $insert = $pdo->prepare('insert into users (email, password) values (?, ?)');
    $insert->execute([getenv('USER_EMAIL'), password_hash(getenv('USER_PASSWORD'), PASSWORD_BCRYPT, ['cost' => 4])]);
    exit(0);
}

// Pages of other ports of this host are of the same site, and of another origin.
header('Access-Control-Allow-Origin: ' . ($_SERVER['HTTP_ORIGIN'] ?? '*'));
header('Access-Control-Allow-Credentials: true');
header('Access-Control-Allow-Headers: accept, content-type, x-xsrf-token');
if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS') {
    http_response_code(204);
    return;
}
if ($_SERVER['REQUEST_URI'] === '/__control/revoke-all') {
    array_map('unlink', glob("$data/sessions/*"));
    return;
}

$app = new Application($data);
$app->useStoragePath("$data/storage");
$app->instance('config', new Illuminate\Config\Repository([
    'app' => [
        'key' => base64_decode(getenv('APP_KEY')),
        'cipher' => 'AES-256-CBC',
        'locale' => 'en',
        'fallback_locale' => 'en',
        'debug' => false,
    ],
    'auth' => [
        'defaults' => ['guard' => 'web'],
        'guards' => ['web' => ['driver' => 'session', 'provider' => 'users']],
        'providers' => ['users' => ['driver' => 'database', 'table' => 'users']],
    ],
    'database' => ['default' => 'sqlite', 'connections' => ['sqlite' => ['driver' => 'sqlite', 'database' => $database, 'prefix' => '']]],
    'hashing' => ['driver' => 'bcrypt', 'bcrypt' => ['rounds' => 4]],
    'logging' => ['default' => 'errors', 'channels' => ['errors' => ['driver' => 'errorlog', 'level' => 'error']]],
    'session' => [
        'driver' => 'file',
        'files' => "$data/sessions",
        'cookie' => 'laravel_session',
        'lifetime' => 120,
        'expire_on_close' => false,
        'lottery' => [0, 100],
        'path' => '/',
        'domain' => null,
        'secure' => false,
        'http_only' => true,
        'same_site' => 'lax',
    ],
    'view' => ['paths' => [], 'compiled' => "$data/storage/framework/views"],
]));
$app->instance('path.lang', "$data/lang");
foreach ([
    Illuminate\Encryption\EncryptionServiceProvider::class,
    Illuminate\Filesystem\FilesystemServiceProvider::class,
    Illuminate\Cookie\CookieServiceProvider::class,
    Illuminate\Session\SessionServiceProvider::class,
    Illuminate\Database\DatabaseServiceProvider::class,
    Illuminate\Hashing\HashServiceProvider::class,
    Illuminate\Auth\AuthServiceProvider::class,
    Illuminate\Translation\TranslationServiceProvider::class,
    Illuminate\Validation\ValidationServiceProvider::class,
    Illuminate\View\ViewServiceProvider::class,
    Illuminate\Foundation\Providers\FoundationServiceProvider::class,
] as $provider) {
    $app->register($provider);
}
Illuminate\Support\Facades\Facade::setFacadeApplication($app);
$app->singleton(Illuminate\Contracts\Debug\ExceptionHandler::class, Handler::class);
$app->singleton(KernelContract::class, function ($app) {
    return new class($app, $app['router']) extends Kernel {
        protected $bootstrappers = [Illuminate\Foundation\Bootstrap\BootProviders::class];
        protected $middlewareGroups = [
            'web' => [EncryptCookies::class, AddQueuedCookiesToResponse::class, StartSession::class, VerifyCsrfToken::class],
        ];
        protected $routeMiddleware = ['auth' => Authenticate::class];
    };
});
$kernel = $app->make(KernelContract::class);

$app['router']->middleware('web')->group(function ($router) {
    // Sanctum's own address does no more: the middleware sets the cookie.
    $router->get('/sanctum/csrf-cookie', fn () => response()->noContent());
    $router->post('/login', function (Request $request) {
        $request->validate(['email' => 'required', 'password' => 'required']);
        if (!auth()->attempt($request->only('email', 'password'))) {
            throw ValidationException::withMessages(['email' => ['These credentials do not match our records.']]);
        }
        $request->session()->regenerate();
        return response()->noContent();
    });
    $router->middleware('auth')->group(function ($router) {
        $router->get('/api/user', fn (Request $request) => ['email' => $request->user()->email]);
        $router->post('/api/notes', fn (Request $request) => response()->json($request->only('text'), 201));
        $router->post('/logout', function (Request $request) {
            auth()->logout();
            $request->session()->invalidate();
            $request->session()->regenerateToken();
            return response()->noContent();
        });
    });
});

$request = Request::capture();
$response = $kernel->handle($request)->send();
$kernel->terminate($request, $response);
