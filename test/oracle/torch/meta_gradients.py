"""Meta-gradients of small image problems by PyTorch in float64: a second implementation, which shares nothing with metaplast.

    /usr/bin/python3 test/oracle/torch/meta_gradients.py > test/oracle/torch/meta-gradients.json

writes problems as `metaplast estimate` reads them, drawn anew where a minimum is flat or lies next to a kink, each with

- `exact`: by the implicit function theorem at the minimum of the free phase, with the full Hessian by autograd;
- `estimates`: the contrast of the minima of the augmented loss, which Newton's method polishes.
"""
import json
import sys

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)

PHASE = dict(optimizer="sgd", learningRate=0.02, momentum=0.8, nesterov=True, steps=20000, tolerance=1e-12)
ESTIMATORS = [("forward", 0.1), ("symmetric", 0.1), ("forward", 0.02)]
LEAST_MARGIN = 1e-3  # from kinks: a minimum is known to 1e-13, in float32 to some 1e-6
LEAST_CURVATURE = 0.1


def conv(inputs, outputs, kernel, **at):
    return dict(type="conv2d", inputs=inputs, outputs=outputs, kernel=kernel, **at)


def dense(inputs, outputs, **at):
    return dict(type="dense", inputs=inputs, outputs=outputs, **at)


def norm(features, **at):
    return dict(type="batch-norm", features=features, **at)


def pool(size, **at):
    return dict(type="max-pool", size=size, **at)


FLAT = dict(type="flatten")

# name, shape of an image, layers, loss, training images, held-out images, learning
PROBLEMS = [
    ("convolution with stride and padding", [1, 6, 5],
     [conv(1, 2, 3, stride=2, padding=1, activation="tanh"), FLAT, dense(18, 3)], "cross-entropy", 6, 5, None),
    ("batch norm behind convolution and dense", [2, 4, 6],
     [conv(2, 2, 2, stride=2), norm(2, activation="tanh"), FLAT, dense(12, 3), norm(3, activation="tanh"), dense(3, 2)],
     "mse", 9, 8, None),
    ("overlapping pools and relu", [1, 6, 6],
     [conv(1, 2, 3), pool(3, stride=1, activation="tanh"), conv(2, 3, 1, activation="relu"), FLAT, dense(12, 2)], "mse", 4, 3, None),
    ("a stride that leaves pixels out, and a pool before anything", [1, 8, 7],
     [pool(2, stride=1), conv(1, 3, 3, stride=3), dict(type="tanh"), FLAT, dense(12, 2)], "mse", 6, 5, None),
    ("modulation", [2, 5, 5],
     [conv(2, 2, 3, stride=2, padding=1), norm(2), pool(2, stride=1, activation="tanh"), FLAT, dense(8, 2)],
     "cross-entropy", 6, 5, "modulation"),
    ("modulation behind dense, and mse", [1, 4, 4],
     [conv(1, 2, 2), norm(2), dict(type="tanh"), FLAT, dense(18, 3, activation="tanh"), norm(3), dense(3, 1)],
     "mse", 7, 6, "modulation"),
]


def sizes_of(layer):
    """Shapes of a layer's parameters, in their order."""
    if layer["type"] == "dense":
        return [(layer["outputs"], layer["inputs"]), (layer["outputs"],)]
    if layer["type"] == "conv2d":
        return [(layer["outputs"], layer["inputs"], layer["kernel"], layer["kernel"]), (layer["outputs"],)]
    if layer["type"] == "batch-norm":
        return [(layer["features"],), (layer["features"],)]
    return []


class Model:
    def __init__(self, layers, loss, learning):
        self.layers, self.loss = layers, loss
        self.last = max(i for i, layer in enumerate(layers) if layer["type"] == "dense")
        self.learning = learning
        self.fast, self.meta = self.count(True), self.count(False)

    def is_fast(self, index):
        return self.learning is None or index == self.last or self.layers[index]["type"] == "batch-norm"

    def count(self, fast):
        shapes = [s for i, layer in enumerate(self.layers) if self.is_fast(i) == fast for s in sizes_of(layer)]
        return sum(torch.Size(s).numel() for s in shapes)

    def outputs(self, x, phi, theta, margins=None):
        at = {True: 0, False: 0}
        for i, layer in enumerate(self.layers):
            fast = self.is_fast(i)
            given = []
            for shape in sizes_of(layer):
                size = torch.Size(shape).numel()
                given.append((phi if fast else theta)[at[fast] : at[fast] + size].reshape(shape))
                at[fast] += size
            # A pool over the pixels themselves has kinks that no parameter comes near.
            x = self.layer(layer, x, given, None if i == 0 else margins)
            x = self.activation(layer.get("activation", layer["type"]), x, margins)
        return x

    def layer(self, layer, x, given, margins):
        kind = layer["type"]
        if kind == "dense":
            return x @ given[0].T + given[1]
        if kind == "conv2d":
            return F.conv2d(x, *given, stride=layer.get("stride", 1), padding=layer.get("padding", 0))
        if kind == "batch-norm":
            return F.batch_norm(x, None, None, *given, training=True, eps=1e-5)
        if kind == "max-pool":
            size, stride = layer["size"], layer.get("stride", layer["size"])
            if margins is not None:
                windows = x.unfold(2, size, stride).unfold(3, size, stride).flatten(-2)
                best = windows.topk(2, dim=-1).values
                # Units that are off all over a window have no slope, whichever is taken.
                apart = torch.where(best[..., 0] == 0, 1.0, best[..., 0] - best[..., 1])
                margins.append(apart.min().item())
            return F.max_pool2d(x, size, stride)
        return x.flatten(1) if kind == "flatten" else x

    def activation(self, kind, x, margins):
        if kind == "relu":
            if margins is not None:
                margins.append(x.abs().min().item())
            return F.relu(x)
        return torch.tanh(x) if kind == "tanh" else x

    def of_data(self, batch, phi, theta):
        x, y = batch
        given = self.outputs(x, phi, theta)
        return F.cross_entropy(given, y) if self.loss == "cross-entropy" else F.mse_loss(given, y)


def gradient(of, at):
    at = at.detach().requires_grad_()
    return torch.autograd.grad(of(at), at)[0]


def minimum(of, phi):
    """As a phase of metaplast's settles, for a while; and then by Newton's method, to the rounding of float64."""
    phi, momentum = phi.clone(), torch.zeros_like(phi)
    for _ in range(3000):
        slope = gradient(of, phi)
        if slope.norm() < 1e-5:
            break
        momentum = PHASE["momentum"] * momentum + slope
        phi = phi - PHASE["learningRate"] * (slope + PHASE["momentum"] * momentum)
    else:
        return None
    settled = phi
    for _ in range(4):
        phi = phi - torch.linalg.solve(torch.autograd.functional.hessian(of, phi), gradient(of, phi))
    close = (phi - settled).norm() < 1e-3 and gradient(of, phi).norm() < 1e-13
    return phi if close else None


def rounded(tensor, digits=3):
    return torch.round(tensor * 10**digits) / 10**digits


def draw(problem, seed):
    """A problem with its gradients, or why it is none."""
    name, shape, layers, loss, trained, held, learning = problem
    torch.manual_seed(seed)
    # Descent ends on a kink, where one is near; a strong pull holds a network with kinks where omega has put it.
    kinked = any("relu" in (layer["type"], layer.get("activation")) for layer in layers)
    kinked = kinked or any(layer["type"] == "max-pool" for layer in layers[1:])
    pull = 5 if kinked else 1
    model = Model(layers, loss, learning)
    classes = layers[model.last]["outputs"]

    def batch(samples):
        x = rounded(torch.randn(samples, *shape))
        y = torch.arange(samples) % classes if loss == "cross-entropy" else rounded(torch.randn(samples, classes))
        return x, y

    train, validation = batch(trained), batch(held)
    omega, lam = rounded(torch.randn(model.fast)), rounded(pull * (0.8 + 0.4 * torch.rand(model.fast)))
    phi0, theta = rounded(0.4 * torch.randn(model.fast)), rounded(0.5 * torch.randn(model.meta))

    def inner(phi, weights=theta):
        return model.of_data(train, phi, weights) + (lam * (phi - omega) ** 2).sum() / 2

    def outer(phi, weights=theta):
        return model.of_data(validation, phi, weights)

    def margin(phi):
        margins = []
        with torch.no_grad():
            for x, _ in (train, validation):
                model.outputs(x, phi, theta, margins)
        return min(margins, default=1.0)

    free = minimum(inner, phi0)
    if free is None or margin(free) < LEAST_MARGIN:
        return "no minimum" if free is None else f"margin {margin(free):.1e}"
    hessian = torch.autograd.functional.hessian(inner, free)
    if torch.linalg.eigvalsh(hessian)[0] < LEAST_CURVATURE:
        return "flat"
    solution = torch.linalg.solve(hessian, gradient(outer, free))
    exact = dict(omega=lam * solution, lambda_=-(free - omega) * solution)
    if model.meta > 0:
        weights = theta.clone().requires_grad_()
        at = free.clone().requires_grad_()
        slope = torch.autograd.grad(inner(at, weights), at, create_graph=True)[0]
        cross = torch.autograd.grad(slope @ solution, weights)[0]
        exact["theta"] = gradient(lambda w: outer(free, w), theta) - cross

    estimates = []
    for name_of, beta in ESTIMATORS:
        nudges = [beta, 0.0] if name_of == "forward" else [beta, -beta]
        ends, phi = {0.0: free}, free
        for nudge in [beta] + ([-beta] if name_of == "symmetric" else []):
            phi = minimum(lambda p: inner(p) + nudge * outer(p), ends[0.0])
            if phi is None or margin(phi) < LEAST_MARGIN:
                return f"nudged by {nudge}: {'no minimum' if phi is None else 'margin'}"
            ends[nudge] = phi
        width = nudges[0] - nudges[1]
        (one, other) = (ends[nudge] for nudge in nudges)
        contrast = dict(
            omega=(lam * (omega - one) - lam * (omega - other)) / width,
            lambda_=((one - omega) ** 2 - (other - omega) ** 2) / 2 / width,
        )
        if model.meta > 0:
            slopes = [
                gradient(lambda w: model.of_data(train, ends[n], w) + n * model.of_data(validation, ends[n], w), theta)
                for n in nudges
            ]
            contrast["theta"] = (slopes[0] - slopes[1]) / width
        estimates.append(dict(estimator=name_of, beta=beta, metaGradient=listed(contrast)))

    def samples(batch):
        x, y = batch
        return dict(x=x.flatten(1).tolist(), y=y.tolist())

    return dict(
        name=name,
        problem=dict(
            model=dict(inputShape=shape, layers=layers),
            **({} if learning is None else dict(learning=learning)),
            loss=loss, train=samples(train), validation=samples(validation),
            phi=phi0.tolist(), **({} if model.meta == 0 else dict(theta=theta.tolist())),
            omega=omega.tolist(), **{"lambda": lam.tolist()}, free=PHASE, nudged=PHASE,
        ),
        exact=listed(exact),
        estimates=estimates,
    )


def listed(gradients):
    return {name.rstrip("_"): values.tolist() for name, values in gradients.items()}


def main():
    found = []
    for problem in PROBLEMS:
        for seed in range(200):
            drawn = draw(problem, seed)
            print(f"{problem[0]}, seed {seed}: {drawn if isinstance(drawn, str) else 'taken'}", file=sys.stderr)
            if not isinstance(drawn, str):
                found.append(drawn)
                break
        else:
            raise SystemExit(f"no minimum away from kinks: {problem[0]}")
    made = f"PyTorch {torch.__version__} in float64, by test/oracle/torch/meta_gradients.py"
    print(json.dumps(dict(made=made, problems=found)))


if __name__ == "__main__":
    main()
